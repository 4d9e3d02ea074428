using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace Table1;

[TestClass]
public sealed class Table1Tests
{
    [TestMethod]
    public async Task TheTableIsPrintedAndWritten()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--tune", "--heads"), run.Error);

        MethodEvaluation table = run.Table();
        Assert.AreEqual(SmallTable.TestImages, table.ImageCount);
        CollectionAssert.AreEqual(
            new[] { "Paper", "AllHeadsMean" },
            table.Methods.Where(method => method.Kind == MethodKind.Method).Select(method => method.Name).ToArray()
        );
        CollectionAssert.AreEqual(CubParts.Attributes.ToArray(), table.Attributes.ToArray());
        Assert.AreEqual(table.ToMarkdown(), run.Read("table.md"));
        Assert.AreEqual(table.ToCsv(), run.Read("table.csv"));
        Assert.IsFalse(double.IsNaN(table["Paper"].Mean.AtThreshold(0.05).Overlap.Value), "sample birds have part masks");
        Assert.IsFalse(double.IsNaN(table["MeanPartPosition"].Mean.Auc.Value));
        Assert.AreEqual("the train rows of birds", table.ThresholdsChosenOn);
        Assert.AreEqual("the train rows of birds", table.PartPositionsLearnedOn);
        Assert.IsNotNull(table["Paper"].ChosenThreshold);
        foreach (
            string text in (string[])
                [
                    "2 layers of 4 heads, 6 x 6 cells",
                    "mPIR at threshold 0.05",
                    "GroundTruthBox",
                    "AllHeadsMean",
                    "share that head selection keeps",
                ]
        )
        {
            Assert.Contains(text, run.Output);
        }
    }

    [TestMethod]
    public async Task RegionsAreSwept()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--regions", "otsu,window", "--methods", "AllHeadsMean,DecAf"), run.Error);
        foreach (MethodScores method in run.Table().Methods.Where(method => method.Kind == MethodKind.Method))
        {
            Assert.IsFalse(double.IsNaN(method.Mean.Further["iou@otsu"].Value), method.Name);
            Assert.IsFalse(double.IsNaN(method.Mean.Further["hit@window"].Value), method.Name);
        }

        Assert.AreNotEqual(ExitCode.Success, await run.RunAsync("--regions", "blob"));
        Assert.Contains("mean, otsu, window, points", run.Error);
    }

    /// <summary>
    /// A random model states no box, so that the row is one of misses: what is scored is tested on given answers, in the tests of the
    /// library. There are no real weights here to try it with.
    /// </summary>
    [TestMethod]
    public async Task TheModelsOwnBoxesAreARowWhereItIsKnownHowToAskForThem()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--boxes", "--methods", "AllHeadsMean", "--limit", "2"), run.Error);
        Assert.Contains("There is no row OwnBox", run.Error);
        CollectionAssert.AreEqual(new[] { "AllHeadsMean" }, Rows("out"));

        string profile = Path.Combine(run.Model, "grounding.json");
        JsonNode settings = File.Exists(profile) ? JsonNode.Parse(File.ReadAllText(profile))! : new JsonObject();
        settings["box"] = new JsonObject { ["question"] = "{word}", ["units"] = "thousandths" };
        File.WriteAllText(profile, settings.ToJsonString());
        Assert.AreEqual(
            ExitCode.Success,
            await run.RunAsync("--boxes", "--methods", "AllHeadsMean", "--limit", "2", "--out", run.Out("boxes")),
            run.Error
        );
        Assert.DoesNotContain("There is no row", run.Error);
        CollectionAssert.AreEqual(new[] { "AllHeadsMean", "OwnBox" }, Rows("boxes"));
        MethodEvaluation table = run.Table("boxes");
        Assert.AreEqual(0, table["OwnBox"].Mean.AtThreshold(table.RegionThreshold).HitRate.Value);
        Assert.Contains("OwnBox", run.Output);

        string[] Rows(string name) =>
            [.. run.Table(name).Methods.Where(method => method.Kind == MethodKind.Method).Select(method => method.Name)];
    }

    [TestMethod]
    public void ChanceOnSampleAnnotationsIsOneForOnePoint()
    {
        // Annotations alone: any map stands for a method.
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        IDataView birds = context.Data.LoadCub(
            SampleBirds.Write(Path.Combine(folder.Path, "birds"), new SampleBirdsOptions { Seeds = SampleSeeds.Table, Count = 40 })
        );
        List<AnnotatedBird> rows =
        [
            .. context.Data.CreateEnumerable<AnnotatedBird>(birds, reuseRowObject: false, ignoreMissingColumns: true),
        ];
        foreach (AnnotatedBird row in rows)
        {
            SKImageInfo info = SKBitmap.DecodeBounds(row.ImagePath);
            SquareGeometry.Create(ImageFit.Pad, info.Width, info.Height, 12 * 14, 12).CopyTo(row.Geometry);
            row.GroundingMaps[0] = 1;
        }

        MethodEvaluation evaluation = context.Grounding.EvaluateMethods(
            context.Data.LoadFromEnumerable(rows),
            new MethodEvaluationOptions
            {
                QueryNames = CubParts.Attributes,
                KeyPointTable = CubParts.KeyPointsOf,
                Thresholds = [],
                FixedAreas = [],
                ChanceDraws = 40_000,
            }
        );
        foreach (string name in (string[])["Chance.OneCell.OnePoint", "Chance.5%.OnePoint"])
        {
            Estimate mean = evaluation[name].Mean.AtThreshold(0.05).Mpir;
            Assert.IsTrue(mean.Low <= 1 && mean.High >= 1, $"{name}: {mean}");
            Assert.AreEqual(1, mean.Value, 0.02);
        }

        Assert.IsGreaterThan(
            1.5,
            evaluation["Chance.OneCell"].Attributes[3].AtThreshold(0.05).Mpir.Value,
            "any of up to three points of the head"
        );
        Assert.AreEqual(1, evaluation["Chance.OneCell"].Attributes[0].AtThreshold(0.05).Mpir.Value, 0.1, "a beak is one point");
    }

    [TestMethod]
    public async Task AKilledRunGoesOnToTheSameTable()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--out", run.Out("whole")), run.Error);

        byte[] whole = File.ReadAllBytes(Path.Combine(run.Out("whole"), "scores.csv"));
        string scores = Path.Combine(run.Out(), "scores.csv");
        byte[] left = whole;
        // On a busy machine a run may end before it is killed: then another one is.
        for (int attempt = 0; left.Length == whole.Length && attempt < 10; attempt++)
        {
            if (attempt > 0)
            {
                Directory.Delete(run.Out(), recursive: true);
            }

            await KillAsync(run, () => File.Exists(scores) && new FileInfo(scores).Length >= 10_000);
            left = File.ReadAllBytes(scores);
        }

        Assert.IsGreaterThan(1000, left.Length);
        Assert.IsLessThan(whole.Length, left.Length, "no run was killed before its last score");
        // Whenever it was killed, a write may have been torn besides.
        File.WriteAllBytes(scores, left[..^7]);

        Assert.AreEqual(ExitCode.Success, await run.RunAsync(), run.Error);
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(scores));
        // The commands and the dates differ.
        Assert.AreEqual((run.Table("whole") with { Origin = [] }).ToJson(), (run.Table() with { Origin = [] }).ToJson());
    }

    [TestMethod]
    public async Task ASecondRunIntoTheFolderIsToldWhoHoldsIt()
    {
        using var run = new SmallTable();
        using (FolderLock.Take(run.Out()))
        {
            Assert.AreEqual(ExitCode.Failure, await run.RunAsync());
        }

        Assert.Contains($"'{run.Out()}' is in use: process {Environment.ProcessId} on ", run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
        Assert.IsEmpty(Directory.GetFiles(run.Out(), "*.csv"));
    }

    [TestMethod]
    public async Task ATableThatCannotBeWrittenIsFoundOutBeforeTheFirstImage()
    {
        using var run = new SmallTable();
        Directory.CreateDirectory(Path.Combine(run.Out(), "table.json"));

        Assert.AreEqual(ExitCode.Failure, await run.RunAsync());

        Assert.Contains("table.json", run.Error);
        Assert.AreEqual("", run.Output);
        Assert.IsFalse(File.Exists(Path.Combine(run.Out(), "scores.csv")));
    }

    [TestMethod]
    public async Task ABrokenImageIsNamedAndCostsNoOther()
    {
        using var run = new SmallTable();
        string[] test =
        [
            .. File.ReadLines(Path.Combine(run.Cub, "train_test_split.txt"))
                .Where(line => line.EndsWith(" 0", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[0]),
        ];
        string broken = File.ReadLines(Path.Combine(run.Cub, "images.txt"))
            .Select(line => line.Split(' '))
            .Single(fields => fields[0] == test[1])[1];
        File.WriteAllText(Path.Combine(run.Cub, "images", broken), "not an image");
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(), run.Error);
        Assert.AreEqual(1, run.Table().FailedImageCount);
        Assert.Contains($"Skipped {Path.Combine(run.Cub, "images", broken)}: ", run.Error);
        Assert.Contains("1 of 6 images could not be computed", run.Output);
    }

    [TestMethod]
    public async Task AMissingImageIsTold()
    {
        using var run = new SmallTable();
        string missing = Directory.GetFiles(Path.Combine(run.Cub, "images"), "*.png", SearchOption.AllDirectories).First();
        File.Delete(missing);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--split", "all"), run.Error);
        Assert.Contains($"do not exist and were skipped: '{missing}'", run.Error);
    }

    [TestMethod]
    public async Task AFolderOfAnotherRunIsRefusedBeforeTheModelRuns()
    {
        using var run = new SmallTable();
        using var captures = new CaptureCount();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--limit", "1"), run.Error);
        Assert.AreEqual(1, captures.Take());

        (string[] Arguments, string Difference)[] others =
        [
            (["--methods", "Paper"], "methods was 'Paper, AllHeadsMean' and is 'Paper'"),
            (["--fit", "crop"], "fit was 'Pad' and is 'Crop'"),
            (["--tune"], "tuned thresholds was 'no' and is 'yes'"),
            (["--threshold", "0.1"], "threshold was '0.05' and is '0.1'"),
            (["--model", "sample"], "model was "),
            (["--words", "beak,wing"], "words was 'beak, belly, "),
        ];
        foreach ((string[] arguments, string difference) in others)
        {
            Assert.AreEqual(ExitCode.Failure, await run.RunAsync(["--limit", "1", .. arguments]));
            Assert.Contains(difference, run.Error);
            Assert.Contains("--out", run.Error);
            Assert.HasCount(
                1,
                run.Error.TrimEnd().Split('\n').Where(line => line.StartsWith("Table1:", StringComparison.Ordinal)).ToArray()
            );
            Assert.DoesNotContain(";", run.Error, "one difference");
        }

        Assert.AreEqual(0, captures.Take());
    }

    [TestMethod]
    [DataRow("\"run: version\": \"3\",", "\"run: version\": \"1\",", "this command: its settings have version 1")]
    [DataRow("\"run: version\": \"3\",", "", "this command: its settings have version 1")]
    [DataRow("\"version\": \"3\"", "\"version\": \"1\"", "MLNetGrounding: its settings have version 1")]
    public async Task AFolderOfAnotherVersionIsRefusedInOneLine(string setting, string earlier, string said)
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--limit", "1"), run.Error);
        string scores = run.Read("scores.csv");
        string settings = run.Read("scores.csv.settings.json");
        Assert.Contains(setting, settings);
        File.WriteAllText(
            Path.Combine(run.Out(), "scores.csv.settings.json"),
            settings.Replace(setting, earlier, StringComparison.Ordinal)
        );
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--limit", "1"));
        Assert.Contains($"begun by another version of {said}", run.Error);
        Assert.HasCount(1, run.Error.Trim().Split('\n'), run.Error);
        Assert.AreEqual(scores, run.Read("scores.csv"));
    }

    [TestMethod]
    public async Task OtherPromptsAreAnotherModel()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--limit", "1"), run.Error);
        File.WriteAllText(Path.Combine(run.Model, "grounding.json"), """{ "question": "Show me the {word}." }""");
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--limit", "1"));
        Assert.Contains("model was ", run.Error);
    }

    [TestMethod]
    public async Task WhatCannotBeDoneIsSaidInOneLine()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.WrongArguments, await run.RunAsync("--methods", "Paper,Guess"));
        Assert.Contains("'Guess'", run.Error);
        Assert.Contains("AllHeadsMean", run.Error);
        Assert.AreEqual(ExitCode.WrongArguments, await run.RunAsync("--threshold", "2"));
        Assert.AreEqual(ExitCode.WrongArguments, await RunOnSampleBirdsAsync("--split", "test"));
        Assert.AreEqual(ExitCode.WrongArguments, await RunOnSampleBirdsAsync("--limit", "501"));
        Assert.AreEqual(ExitCode.WrongArguments, await run.RunAsync("--limit", "0"));
        Assert.Contains("--limit must be a whole number of at least 1, not '0'.", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--split", "all", "--tune"));
        Assert.Contains("--split test", run.Error);
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--split", "all", "--methods", "Paper,LocalizationHeads"));
        Assert.Contains("LocalizationHeads must learn", run.Error);
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--model", "nowhere"));
        Assert.Contains("nowhere", run.Error);
    }

    private static Task<int> RunOnSampleBirdsAsync(params string[] arguments) =>
        Table1Command.RunAsync(arguments, TextWriter.Null, TextWriter.Null);

    /// <summary>Starts a run in a process of its own and kills it.</summary>
    private static async Task KillAsync(SmallTable run, Func<bool> when)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Table1"), run.Arguments())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        while (!process.HasExited && !when())
        {
            await Task.Delay(1);
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>The property names are column names.</summary>
    private sealed class AnnotatedBird
    {
        public int ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        [VectorType(4)]
        public float[] BoundingBox { get; set; } = [];

        [VectorType(15, 2)]
        public float[] KeyPoints { get; set; } = [];

        [VectorType(15)]
        public float[] KeyPointVisible { get; set; } = [];

        [VectorType(ImageGeometry.Length)]
        public float[] Geometry { get; set; } = new float[ImageGeometry.Length];

        [VectorType(10, 12, 12)]
        public float[] GroundingMaps { get; set; } = new float[10 * 12 * 12];
    }
}
