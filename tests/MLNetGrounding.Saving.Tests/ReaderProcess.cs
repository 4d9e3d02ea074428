using System.Diagnostics;

namespace MLNetGrounding.Saving;

/// <summary>
/// Loads a saved model with MLNetGrounding.Saving.Reader, a program that names no type of the library, in a process of its own.
/// </summary>
internal static class ReaderProcess
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("MLNetGrounding.Saving.Tests", "MLNetGrounding.Saving.Reader", StringComparison.Ordinal),
        "MLNetGrounding.Saving.Reader" + (OperatingSystem.IsWindows() ? ".exe" : "")
    );

    /// <summary>Transforms the rows of a file with a saved model, and saves the model again.</summary>
    /// <param name="model">The saved model.</param>
    /// <param name="input">The rows, in ML.NET's binary format.</param>
    /// <param name="output">Receives the transformed rows.</param>
    /// <param name="again">Receives the model saved again, or <see langword="null"/>.</param>
    /// <returns>Type and message of the error, or nothing.</returns>
    public static string Run(string model, string input, string output, string? again = null)
    {
        var start = new ProcessStartInfo(Program, again is null ? [model, input, output] : [model, input, output, again])
        {
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(error.Length > 0 ? 1 : 0, process.ExitCode, error);
        return error;
    }
}
