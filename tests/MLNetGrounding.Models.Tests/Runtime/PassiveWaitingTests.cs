using System.Diagnostics;

namespace MLNetGrounding.Models.Runtime;

[TestClass]
public sealed class PassiveWaitingTests
{
    /// <summary>What libgomp says that it read, in a process that sets nothing itself.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("OMP_WAIT_POLICY", null, "0")]
    [DataRow("OMP_WAIT_POLICY", "active", "30000000000")]
    [DataRow("GOMP_SPINCOUNT", "5", "5")]
    public void LibtorchsThreadsSleepWhileTheyWaitUnlessTheEnvironmentSaysOtherwise(string variable, string? value, string spins)
    {
        string program = Path.Combine(AppContext.BaseDirectory, typeof(PassiveWaitingTests).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(program, ["--filter", $"Name={nameof(TorchRuntimeTests.TorchLoadsAndComputes)}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_DISPLAY_ENV"] = "verbose";
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment.Remove("GOMP_SPINCOUNT");
        if (value is not null)
        {
            start.Environment[variable] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string settings = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output.Result);
        Assert.Contains($"GOMP_SPINCOUNT = '{spins}'", settings);
    }
}
