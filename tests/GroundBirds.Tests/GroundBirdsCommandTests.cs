using System.CommandLine;
using MLNetGrounding.Testing;

namespace GroundBirds;

[TestClass]
public sealed class GroundBirdsCommandTests
{
    [TestMethod]
    public async Task HelpExplainsEveryOption()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        int exitCode = await GroundBirdsCommand.RunAsync(["--help"], output, error);

        Assert.AreEqual(ExitCode.Success, exitCode);
        string help = output.ToString();
        foreach (Option option in new GroundBirdsCommand().Root().Options)
        {
            Assert.Contains(option.Name, help);
            Assert.IsFalse(string.IsNullOrEmpty(option.Description), option.Name);
        }

        Assert.Contains("dotnet run --project examples/GroundBirds", help);
        Assert.Contains("Exit codes", help);
    }

    [TestMethod]
    [DataRow("--limit", "0")]
    [DataRow("--limit", "many")]
    [DataRow("--threshold", "1.5")]
    [DataRow("--threshold", "NaN")]
    [DataRow("--threshold", "0,1")]
    [DataRow("--limit", "1,000")]
    [DataRow("--seed", "3")]
    [DataRow("--report-details", "3")]
    [DataRow("--report-details-of", "img0.png")]
    [DataRow("--no-report-heads")]
    [DataRow("--figure-theme", "light")]
    [DataRow("--figure-theme", "pink")]
    [DataRow("--cub", "")]
    [DataRow("--overlays", "-1")]
    [DataRow("--split", "validation")]
    [DataRow("--fit", "squeeze")]
    [DataRow("--device", "tpu")]
    [DataRow("--precision", "int8")]
    [DataRow("--words", ",")]
    [DataRow("--words", "beak,beak")]
    [DataRow("--object", "")]
    [DataRow("--color", "red")]
    [DataRow("--model")]
    public async Task WrongArgumentsAreNamedAndNothingRuns(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        using var error = new StringWriter();

        int exitCode = await GroundBirdsCommand.RunAsync(["--out", Path.Combine(folder.Path, "out"), .. arguments], output, error);

        Assert.AreEqual(ExitCode.WrongArguments, exitCode);
        Assert.Contains(arguments[0], error.ToString(), "the message names what is wrong");
        Assert.AreEqual("", output.ToString());
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    [DataRow("--model", "no-such-model")]
    [DataRow("--cub", "no-such-data")]
    public async Task AFolderThatIsNotThereIsOneLine(string option, string folder)
    {
        using var run = new SmallRun();

        int exitCode = await run.RunAsync(option, folder);

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.Contains(folder, run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
        Assert.AreEqual("", run.Output);
    }

    [TestMethod]
    public async Task AnOutputFolderThatIsAFileIsOneLine()
    {
        using var run = new SmallRun();
        File.WriteAllText(run.Out, "");

        int exitCode = await run.RunAsync();

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.Contains(run.Out, run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
    }

    [TestMethod]
    public async Task WithoutDataSampleBirdsAreDrawnOnce()
    {
        using var run = new SmallRun();
        string birds = Path.Combine(run.Out, "sample-birds-demo-24", "images.txt");

        int first = await RunOnSampleBirdsAsync(run);
        DateTime drawn = File.GetLastWriteTimeUtc(birds);
        int second = await RunOnSampleBirdsAsync(run);

        Assert.AreEqual(ExitCode.Success, first);
        Assert.AreEqual(ExitCode.Success, second);
        Assert.AreEqual(drawn, File.GetLastWriteTimeUtc(birds));
    }

    [TestMethod]
    public async Task TheSampleModelIsNotAskedForOtherWordsUnwarned()
    {
        using var run = new SmallRun();
        const string warning = "no question for 'crest', so that";

        await run.RunAsync("--model", "sample", "--words", "beak,crest,bird", "--limit", "1", "--overlays", "0");
        Assert.Contains(warning, run.Error);
        await run.RunAsync("--model", "sample", "--words", "beak,tail", "--limit", "1", "--overlays", "0");
        Assert.DoesNotContain("no question", run.Error);
        await run.RunAsync("--words", "beak,crest", "--limit", "1", "--overlays", "0");
        Assert.DoesNotContain("no question", run.Error);
    }

    private static Task<int> RunOnSampleBirdsAsync(SmallRun run)
    {
        string[] arguments = ["--model", run.Model, "--out", run.Out, "--limit", "1", "--words", "beak", "--overlays", "0"];
        return GroundBirdsCommand.RunAsync(arguments, new StringWriter(), new StringWriter());
    }
}
