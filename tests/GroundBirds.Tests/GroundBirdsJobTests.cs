using System.Globalization;
using System.Text;

namespace GroundBirds;

[TestClass]
public sealed class GroundBirdsJobTests
{
    [TestMethod]
    public async Task ACorruptImageIsReportedAndTheOthersFinish()
    {
        using var run = new SmallRun();
        run.Corrupt(2);

        int exitCode = await run.RunAsync("--queries", "beak,tail,leg");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.Contains(run.ImagePaths[2], run.Error);
        Assert.Contains("Skipped: 1 image", run.Output);
        Assert.HasCount(SmallRun.Images * 3, run.Scores);
        foreach (string[] line in run.Scores)
        {
            Assert.AreEqual(line[1] == run.ImagePaths[2], line[4] == "failed", string.Join(',', line));
        }

        Assert.HasCount(1, run.Error.Split('\n').Where(line => line.StartsWith("Skipped ", StringComparison.Ordinal)).ToArray());
        CollectionAssert.AreEqual(run.ImagePaths.SelectMany(path => new[] { path, path, path }).ToArray(), run.Scores.Select(line => line[1]).ToArray());
    }

    [TestMethod]
    public async Task TheTableSumsUpTheScores()
    {
        using var run = new SmallRun();

        // A region of all cells that are not at the minimum hits now and then, even on random weights.
        int exitCode = await run.RunAsync("--threshold", "0");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        foreach (IGrouping<string, string[]> query in run.Scores.GroupBy(line => line[3]))
        {
            string[][] scored = [.. query.Where(line => line[4] == "scored")];
            double mpir = scored.Average(line => Number(line[7]));
            double hits = 100 * scored.Average(line => Number(line[5]));
            string expected = string.Create(CultureInfo.InvariantCulture, $"{query.Key} {scored.Length} {mpir:0.000} {hits:0.0} %");
            string printed = run.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).First(line => line.StartsWith(query.Key + " ", StringComparison.Ordinal));
            Assert.StartsWith(expected, printed);
        }
    }

    [TestMethod]
    public async Task AScoreIsOneOverTheAreaOfAHit()
    {
        using var run = new SmallRun();

        await run.RunAsync("--threshold", "0");

        string[][] scored = [.. run.Scores.Where(line => line[4] == "scored")];
        Assert.IsTrue(scored.Any(line => line[5] == "1"), "no hit among the scores");
        foreach (string[] line in scored)
        {
            double expected = line[5] == "1" ? 1 / Number(line[6]) : 0;
            Assert.AreEqual(expected, Number(line[7]), 1e-3 * (1 + expected), string.Join(',', line));
        }
    }

    [TestMethod]
    public async Task AttributesWithoutVisibleKeyPointsAreNotScored()
    {
        using var run = new SmallRun();

        await run.RunAsync("--queries", "beak,eye");

        var visible = File.ReadLines(Path.Combine(run.Cub, "parts", "part_locs.txt"))
            .Select(line => line.Split(' '))
            .Where(fields => fields[4] == "1")
            .Select(fields => (Image: fields[0], Part: fields[1]))
            .ToHashSet();
        foreach (string[] line in run.Scores)
        {
            // CUB's parts count from 1: 2 is the beak, 7 and 11 are the eyes.
            bool expected = line[3] == "beak" ? visible.Contains((line[0], "2")) : visible.Contains((line[0], "7")) || visible.Contains((line[0], "11"));
            Assert.AreEqual(expected ? "scored" : "not scored", line[4], string.Join(',', line));
        }
    }

    [TestMethod]
    public async Task RandomWeightsAreLabelledWhereverTheyShow()
    {
        using var run = new SmallRun();

        await run.RunAsync("--queries", "beak", "--limit", "2");

        Assert.Contains("mPIR at threshold 0.05, model, random weights", run.Output);
        Assert.Contains("These weights are random", run.Output);
        Assert.IsTrue(File.ReadLines(Path.Combine(run.Out, "scores.csv")).Skip(1).All(line => line.EndsWith("\"model, random weights\"", StringComparison.Ordinal)));
        Assert.IsTrue(Directory.Exists(Path.Combine(run.Out, "overlays-random-weights")));
        Assert.IsFalse(Directory.Exists(Path.Combine(run.Out, "overlays")));
    }

    [TestMethod]
    public async Task AsManyImagesGetPicturesAsWereAskedFor()
    {
        using var run = new SmallRun();
        run.Corrupt(0);

        await run.RunAsync("--queries", "beak,crest", "--overlays", "2");

        string overlays = Path.Combine(run.Out, "overlays-random-weights");
        string[] names = [.. run.ImagePaths.Skip(1).Take(2).Select(Path.GetFileNameWithoutExtension)!];
        CollectionAssert.AreEqual(names, Directory.GetFiles(overlays).Select(Path.GetFileNameWithoutExtension).Order().Select(name => name![(name!.IndexOf('-') + 1)..]).ToArray());
        foreach (string folder in Directory.GetDirectories(overlays))
        {
            CollectionAssert.AreEqual((string[])["beak.png", "crest.png"], Directory.GetFiles(folder).Select(Path.GetFileName).Order().ToArray());
        }
    }

    [TestMethod]
    public async Task APictureThatCannotBeWrittenEndsTheRunInOneLine()
    {
        using var run = new SmallRun();
        Directory.CreateDirectory(run.Out);
        File.WriteAllText(Path.Combine(run.Out, "overlays-random-weights"), "a file where the folder should be");

        int exitCode = await run.RunAsync("--queries", "beak");

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.HasCount(1, run.Error.Split('\n').Where(line => line.StartsWith("GroundBirds: ", StringComparison.Ordinal)).ToArray());
        Assert.Contains("overlays-random-weights", run.Error);
    }

    [TestMethod]
    public async Task TheRunSaysHowLongItWasInTheModel()
    {
        using var run = new SmallRun();

        await run.RunAsync("--queries", "beak", "--profile");

        string line = run.Output.Split('\n').Single(each => each.StartsWith("Time: ", StringComparison.Ordinal));
        string[] words = line.Split(' ');
        Assert.IsGreaterThan(0, Number(words[1]), line);
        Assert.IsGreaterThan(0, Number(words[5]), line);
        Assert.AreEqual("images/s;", words[4]);
        Assert.Contains("Outside the model: ", run.Output);
    }

    [TestMethod]
    public async Task AWordWithoutKeyPointsGetsPicturesAndNoScores()
    {
        using var run = new SmallRun();

        int exitCode = await run.RunAsync("--queries", "crest,beak", "--limit", "2");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.Contains("crest", run.Error);
        Assert.IsTrue(run.Scores.Where(line => line[3] == "crest").All(line => line[4] == "not scored"));
    }

    [TestMethod]
    public async Task AnInterruptedRunKeepsWhatIsDone()
    {
        using var run = new SmallRun();
        run.Corrupt(2);
        using var source = new CancellationTokenSource();
        using var error = new Watcher("Skipped ", source.Cancel);

        int exitCode = await run.RunAsync(error, source.Token, "--queries", "beak,tail");

        Assert.AreEqual(ExitCode.Interrupted, exitCode, run.Error);
        Assert.HasCount(3 * 2, run.Scores);
        Assert.Contains("Interrupted", run.Output);
        Assert.Contains("beak", run.Output);
    }

    [TestMethod]
    public async Task NothingButCorruptImagesIsAFailure()
    {
        using var run = new SmallRun();
        run.Corrupt(0);

        int exitCode = await run.RunAsync("--limit", "1", "--queries", "beak");

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.HasCount(1, run.Scores);
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    /// <summary>Acts when a text is written.</summary>
    private sealed class Watcher(string text, Action action) : StringWriter
    {
        public override void Write(char[] buffer, int index, int count)
        {
            base.Write(buffer, index, count);
            Look();
        }

        public override void Write(string? value)
        {
            base.Write(value);
            Look();
        }

        private void Look()
        {
            if (GetStringBuilder() is StringBuilder written && written.ToString().Contains(text, StringComparison.Ordinal))
            {
                action();
            }
        }
    }
}
