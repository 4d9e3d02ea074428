using System.Diagnostics;
using MLNetGrounding;

namespace GroundBirds;

/// <summary>Runs beside each other, and runs that cannot write.</summary>
[TestClass]
public sealed class NeighborTests
{
    [TestMethod]
    public async Task ASecondRunIntoTheFolderChangesNothingAndSaysWhoHoldsIt()
    {
        using var run = new SmallRun();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--words", "beak"));
        Dictionary<string, byte[]> before = Contents(run.Out);
        using (FolderLock.Take(run.Out))
        {
            int exitCode = await run.RunAsync("--words", "tail");

            Assert.AreEqual(ExitCode.Failure, exitCode);
            Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
            Assert.Contains($"'{run.Out}' is in use: process {Environment.ProcessId} on {Environment.MachineName}", run.Error);
            Assert.AreEqual("", run.Output);
        }

        Dictionary<string, byte[]> after = Contents(run.Out);
        CollectionAssert.AreEquivalent(before.Keys, after.Keys);
        foreach ((string path, byte[] content) in before)
        {
            CollectionAssert.AreEqual(content, after[path], path);
        }
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task AKilledRunHoldsTheFolderToItsEndAndNoLonger()
    {
        using var run = new SmallRun();
        using Process process = Process.Start(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "GroundBirds.exe" : "GroundBirds"))
            {
                ArgumentList = { "--model", run.Model, "--out", run.Out },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        string holder = Path.Combine(run.Out, ".grounding-lock.json");
        while (!File.Exists(holder) && !process.HasExited)
        {
            await Task.Delay(10);
        }

        int second = await run.RunAsync("--words", "beak");
        string error = run.Error;
        process.Kill();
        await process.WaitForExitAsync();

        Assert.AreEqual(ExitCode.Failure, second, "the run was killed while it held the folder");
        Assert.Contains($"process {process.Id} on ", error);
        Assert.Contains(run.Model, error);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--words", "beak"), run.Error);
    }

    [TestMethod]
    public async Task AReportIntoAMissingFolderIsWritten()
    {
        using var run = new SmallRun();
        string report = Path.Combine(run.Out, "new", "deep", "report.html");

        int exitCode = await run.RunAsync("--words", "beak", "--limit", "1", "--report", report);

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.IsTrue(File.Exists(report));
        Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(report)!));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task AReportThatCannotBeWrittenIsFoundOutBeforeTheFirstImage(bool isFolder)
    {
        using var run = new SmallRun();
        string place = Path.Combine(Path.GetDirectoryName(run.Out)!, "place");
        string report = isFolder ? place : Path.Combine(place, "report.html");
        if (isFolder)
        {
            Directory.CreateDirectory(place);
        }
        else
        {
            File.WriteAllText(place, "a file where the folder should be");
        }

        int exitCode = await run.RunAsync("--words", "beak", "--report", report);

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.AreEqual("", run.Output);
        Assert.Contains(place, run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
        Assert.IsEmpty(Directory.GetFiles(run.Out, "*.csv"));
    }

    [TestMethod]
    public async Task TheTablePrintsWhateverFailsAfterIt()
    {
        using var run = new SmallRun();
        run.Corrupt(2);
        string report = Path.Combine(run.Out, "report.html");
        using var error = new Watcher("Skipped ", () => Directory.CreateDirectory(report));

        int exitCode = await run.RunAsync(error, CancellationToken.None, "--words", "beak", "--report", report);

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.Contains("mPIR at threshold 0.05", run.Output);
        Assert.DoesNotContain("Report: ", run.Output);
        Assert.DoesNotContain("of the 5 images done", run.Output);
        Assert.HasCount(1, run.Error.Split('\n').Where(line => line.StartsWith("GroundBirds: ", StringComparison.Ordinal)).ToArray());
        Assert.HasCount(SmallRun.Images, run.Scores);
    }

    private static Dictionary<string, byte[]> Contents(string folder) =>
        Directory
            .GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith(".grounding-lock", StringComparison.Ordinal))
            .ToDictionary(path => path, File.ReadAllBytes);
}
