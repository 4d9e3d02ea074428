using System.Globalization;
using MLNetGrounding;
using MLNetGrounding.Testing;

namespace TrainSampleLlava;

[TestClass]
public sealed class TrainCommandTests
{
    [TestMethod]
    [DataRow("--threads", "0")]
    [DataRow("--steps", "0")]
    [DataRow("--steps", "156251")]
    [DataRow("--seed", "-1")]
    [DataRow("--seed", "99")]
    [DataRow("--output", "")]
    [DataRow("--device", "tpu")]
    [DataRow("--seconds", "0")]
    [DataRow("evaluate", "folder", "--images", "1001")]
    [DataRow("evaluate", "folder", "--images", "0")]
    [DataRow("amplify", "folder", "--mask-threshold", "2")]
    [DataRow("amplify", "folder", "--bias", "1,5")]
    public async Task WrongArgumentsAreNamedAndNothingRuns(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.AreEqual(ExitCode.WrongArguments, code);
        Assert.Contains(arguments[^2], error);
        Assert.AreEqual("", output);
    }

    [TestMethod]
    public async Task AMissingCheckpointIsOneLine()
    {
        (int code, _, string error) = await RunAsync("evaluate", "no-such-folder");
        Assert.AreEqual(ExitCode.Failure, code);
        Assert.Contains("no-such-folder", error);
        Assert.HasCount(1, error.Trim().Split('\n'));
    }

    [TestMethod]
    public async Task ASecondRunIntoTheFolderIsToldWhoHoldsIt()
    {
        using var folder = new TemporaryFolder();
        using var held = FolderLock.Take(folder.Path);

        (int code, string output, string error) = await RunAsync("--output", folder.Path, "--threads", "1", "--steps", "1");

        Assert.AreEqual(ExitCode.Failure, code);
        Assert.Contains($"'{folder.Path}' is in use: process {Environment.ProcessId} on ", error);
        Assert.HasCount(1, error.Trim().Split('\n'));
        Assert.AreEqual("", output);
    }

    [TestMethod]
    public async Task AnInterruptedRunSaysSoAndIsGoneOnWithOnlyWhereAsked()
    {
        using var folder = new TemporaryFolder();
        string directory = Path.Combine(folder.Path, "run");
        string loss = Path.Combine(directory, TrainingRun.LossFileName);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        (int code, string output, string error) = await RunAsync(source.Token, "--output", directory, "--threads", "1");
        Assert.AreEqual(ExitCode.Interrupted, code, error);
        Assert.Contains("Stopped after step 0; go on with --resume.", output);
        File.AppendAllText(loss, "1,0.5\n");

        (code, _, error) = await RunAsync("--output", directory, "--threads", "1");
        Assert.AreEqual(ExitCode.Failure, code);
        Assert.Contains("--resume", error);
        Assert.HasCount(2, File.ReadAllLines(loss), "the log of the run is as it was");

        (code, _, error) = await RunAsync("--output", directory, "--threads", "1", "--seed", "2", "--resume");
        Assert.AreEqual(ExitCode.Failure, code);
        Assert.Contains("the run's seed is 1, not 2", error);

        (code, output, error) = await RunAsync(source.Token, "--output", directory, "--threads", "1", "--resume");
        Assert.AreEqual(ExitCode.Interrupted, code, error);
    }

    [TestMethod]
    public async Task WhereThereIsNoStateNothingIsResumed()
    {
        using var folder = new TemporaryFolder();
        (int code, _, string error) = await RunAsync("--output", Path.Combine(folder.Path, "run"), "--threads", "1", "--resume");
        Assert.AreEqual(ExitCode.Failure, code);
        Assert.Contains("nothing to resume", error);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public async Task ACheckpointIsMeasured()
    {
        (int code, string output, string error) = await RunAsync("evaluate", SampleLlava.Directory, "--images", "2");
        Assert.AreEqual(ExitCode.Success, code, error);
        foreach (string word in (string[])["bird", "car"])
        {
            string[] cells = output.Split('\n').Single(line => line.StartsWith($"| {word} ", StringComparison.Ordinal)).Split('|');
            Assert.AreEqual(2, int.Parse(cells[2], CultureInfo.InvariantCulture));
        }
    }

    [TestMethod]
    public void TheImagesOfARunAreOfItsSeedAndTrainNoOther()
    {
        TrainingOptions options = new();
        ulong last = ((ulong)ExampleQueue.MostSteps(options.BatchSize) * (ulong)options.BatchSize) - 1;
        Assert.IsLessThan((ulong)SampleSeeds.Train.Count - 256, ((ulong)ExampleQueue.LargestSeed * (last + 1)) + last);
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunAsync(CancellationToken.None, arguments);

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await TrainCommand.RunAsync(arguments, output, error, cancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
