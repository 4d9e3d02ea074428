using MLNetGrounding;
using MLNetGrounding.Testing;

namespace Table1;

/// <summary>What the files of a table say and look like.</summary>
[TestClass]
public sealed class TableFilesTests
{
    [TestMethod]
    public async Task TheMarkdownSaysWhatItIsOfAndFitsTheLine()
    {
        using SmallTable run = new();
        string[] arguments = ["--methods", "all", "--regions", "all", "--tune"];
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(arguments), run.Error);
        string text = run.Read("table.md");
        using (var model = VisionLanguageModel.Load(run.Model))
        {
            Assert.Contains($"- fingerprint: `{model.Fingerprint}`", text);
        }

        Assert.Contains($"- model: `{run.Model}, 2 layers of 4 heads, 6 x 6 cells`", text);
        Assert.Contains($"- data: `{run.Cub}`", text);
        Assert.Contains("- command: `Table1 --methods all --regions all --tune ", text);
        Assert.Contains("- version: `MLNetGrounding ", text);
        Assert.Contains($"- date: `{DateTimeOffset.Now.Year}-", text);
        Assert.StartsWith("# ", text);
        Assert.Contains("\n## mPIR at threshold 0.05\n", text);
        Assert.MatchesRegex(@"\*\*\d+\.\d\d\*\* \[", text);
        string[] lines = text.Split('\n');
        Assert.IsEmpty(lines.Where(line => line.StartsWith('|') && line.Length > 120).ToArray());
        Assert.IsEmpty(
            run.Output.Split('\n').Where(line => line.Contains("  ", StringComparison.Ordinal) && line.TrimEnd().Length > 120).ToArray()
        );
        CollectionAssert.AreEqual(
            run.Table().Methods.Where(method => method.Kind == MethodKind.Method).Select(method => method.Name).ToArray(),
            lines
                .SkipWhile(line => line != "## mPIR at threshold 0.05")
                .Skip(5)
                .TakeWhile(line => line.Length > 0)
                .Select(line => line.Split('|')[1].Trim())
                .ToArray()
        );
        Assert.Contains("\\begin{tabular}", run.Read("table.tex"));
        Assert.Contains($"% command: Table1 --methods all", run.Read("table.tex"));
    }

    [TestMethod]
    public async Task ScoresNameTheirFiles()
    {
        using SmallTable run = new();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--limit", "2"), run.Error);
        string[] lines = run.Read("scores.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("image,file,method,attribute,status,", lines[0]);
        string[] files = [.. lines.Skip(1).Select(line => line.Split(',')[1]).Distinct()];
        Assert.HasCount(2, files);
        foreach (string file in files)
        {
            Assert.HasCount(1, Directory.GetFiles(Path.Combine(run.Cub, "images"), file, SearchOption.AllDirectories));
        }
    }

    [TestMethod]
    [DataRow(0, 0, 10, null)]
    [DataRow(4, 0, 10, null)]
    [DataRow(6, 2, 10, "6 of 10 images (4 of them by an earlier run), 0.20 images/s, 00:00:20 left")]
    [DataRow(6, 6, 10, "6 of 10 images, 0.60 images/s, 00:00:06 left")]
    public void TheTimeLeftIsThatOfThisRunsImages(int done, int computed, int total, string? said) =>
        Assert.AreEqual(said, ProgressReport.Line(done, computed, total, TimeSpan.FromSeconds(10)));

    [TestMethod]
    public async Task ARunThatGoesOnSaysWhatItComputed()
    {
        using SmallTable run = new();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(), run.Error);
        Assert.DoesNotContain("earlier run", run.Error);
        string scores = Path.Combine(run.Out(), "scores.csv");
        string[] lines = File.ReadAllLines(scores);
        int linesOfAnImage = (lines.Length - 1) / SmallTable.TestImages;
        File.WriteAllText(scores, string.Concat(lines.Take(1 + (2 * linesOfAnImage)).Select(line => line + "\n")));
        using CaptureCount captures = new();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(), run.Error);
        Assert.AreEqual(4, captures.Take());
        Assert.Contains("6 of 6 images (2 of them by an earlier run) in ", run.Error);
        CollectionAssert.AreEqual(lines, File.ReadAllLines(scores));
    }

    [TestMethod]
    public async Task OtherImagesToLearnOnAreSaidInOneLine()
    {
        using SmallTable run = new();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--limit", "2"), run.Error);
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--limit", "3"));
        Assert.Contains("learned on was 'the first 2 images of the train rows of birds' and is 'the first 3 images", run.Error);
        Assert.IsLessThan(500, run.Error.Length);
    }
}
