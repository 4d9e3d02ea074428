using System.Diagnostics;

namespace MLNetGrounding.Packages;

/// <summary>Runs <c>dotnet</c> as a user would.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Runs a command in an environment with additional settings, and returns its exit code and everything it printed.</summary>
    public static (int ExitCode, string Output) Dotnet(
        string folder,
        IEnumerable<KeyValuePair<string, string>> settings,
        params string[] arguments
    ) => Run("dotnet", folder, settings, arguments);

    /// <summary>Runs a program in an environment with additional settings, and returns its exit code and everything it printed.</summary>
    public static (int ExitCode, string Output) Run(
        string program,
        string folder,
        IEnumerable<KeyValuePair<string, string>> settings,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";

        // What the test host sets for itself must not reach the programs it starts.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{program} {string.Join(' ', arguments)}' did not end within {Limit.TotalMinutes} minutes.");
        }

        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static string MustRun(string folder, IEnumerable<KeyValuePair<string, string>> settings, params string[] arguments)
    {
        (int exitCode, string output) = Dotnet(folder, settings, arguments);
        Assert.AreEqual(0, exitCode, $"'dotnet {string.Join(' ', arguments)}' failed:\n{output}");
        return output;
    }
}
