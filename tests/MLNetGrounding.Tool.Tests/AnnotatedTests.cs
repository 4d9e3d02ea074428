using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Tool;

/// <summary>The command line on annotated images, from a small set that is drawn and written in COCO's form.</summary>
[TestClass]
public sealed class AnnotatedTests
{
    [TestMethod]
    public async Task ASetInCocosFormIsGroundedScoredAndReported()
    {
        using ToolRun run = new();
        string cub = Path.Combine(run.Folder, "birds");
        string coco = AnnotationFiles.WriteCoco(cub, Path.Combine(run.Folder, "coco.json"));
        string[] data = ["--coco", coco, "--images", Path.Combine(cub, "images"), "--object", "bird"];
        await run.MustRunAsync([.. data, "--words", "beak,head=crown+forehead+nape", "--out", run.Out]);
        string[] regions = run.Read("regions.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(7, regions, "a header, three images of two words");

        MLContext context = new();
        IDataView birds = context.Data.LoadCub(cub);
        using TransformerChain<RolloutMaskerTransformer> chain = context
            .Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(SampleLlava.Directory, ["beak", "head"], "bird"))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Fit(birds);
        MethodEvaluation expected = context.Grounding.EvaluateMethods(
            chain.Transform(birds),
            [new EvaluatedMethod("Paper", "GroundingMaps")]
        );
        foreach (AttributeScores word in expected["Paper"].Attributes)
        {
            RegionScores region = word.AtThreshold(0.05);
            Assert.Contains(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{word.Name}: hit {region.HitRate.Value:0.00} of {word.Count}, median area {100 * region.MedianArea.Value:0.0} %, mPIR {region.Mpir.Value:0.0}"
                ),
                run.Output
            );
        }

        Assert.Contains("Paper", run.Read("scores.md"));
        Assert.Contains(".png,Paper,beak,", run.Read("scores.csv"));

        await run.MustRunAsync("report", run.Out);
        string page = run.Read("report.html");
        Assert.Contains("report.html: 3 images", run.Output);
        Assert.Contains("\"GroundTruthBox\"", page, "the report has scores, because the images have key points");

        // Without annotations what is left of scores would be another run's.
        await run.MustRunAsync(run.Photos, "--words", "beak", "--object", "bird", "--out", run.Out);
        Assert.IsFalse(File.Exists(Path.Combine(run.Out, "scores.csv")));
    }

    [TestMethod]
    public async Task TheWordsAreTheDatasWhereNoneAreNamed()
    {
        using ToolRun run = new();
        string cub = Path.Combine(run.Folder, "birds");
        string points = AnnotationFiles.WritePoints(cub, Path.Combine(cub, "images", "points.csv"));
        string model = RandomLlava.Write(Path.Combine(run.Folder, "model"), seed: 3, layers: 2, heads: 4, grid: 6);
        await run.MustRunAsync("--points", points, "--limit", "1", "--overlays", "0", "--model", model, "--out", run.Out);
        Assert.HasCount(11, run.Read("regions.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await run.MustRunAsync("--cub", cub, "--limit", "1", "--overlays", "0", "--model", model, "--out", run.Out);
        CollectionAssert.AreEqual(
            CubParts.Attributes.ToArray(),
            run.Read("regions.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[1]).ToArray()
        );
    }

    [TestMethod]
    public async Task AComparisonThatKeptItsMapsIsReportedWithoutTheModel()
    {
        using ToolRun run = new();
        string cub = Path.Combine(run.Folder, "birds");
        string coco = AnnotationFiles.WriteCoco(cub, Path.Combine(run.Folder, "coco.json"));
        string model = RandomLlava.Write(Path.Combine(run.Folder, "model"), seed: 3, layers: 2, heads: 4, grid: 6);
        await run.MustRunAsync(
            "compare",
            "--coco",
            coco,
            "--images",
            Path.Combine(cub, "images"),
            "--words",
            "beak,tail",
            "--object",
            "bird",
            "--methods",
            "Paper,DecAf",
            "--model",
            model,
            "--keep-maps",
            "--out",
            run.Out
        );
        Directory.Delete(model, recursive: true);
        await run.MustRunAsync("report", run.Out);
        string page = run.Read("report.html");
        Assert.Contains("report.html: 3 images", run.Output);
        Assert.Contains("DecAf", page);
        Assert.Contains("\"GroundTruthBox\"", page);
    }

    [TestMethod]
    public async Task PhotosAreComparedWithoutScores()
    {
        using ToolRun run = new();
        await run.MustRunAsync(
            "compare",
            run.Photos,
            "--words",
            "beak,wing",
            "--object",
            "bird",
            "--methods",
            "Paper,AllHeadsMean",
            "--keep-maps",
            "--out",
            run.Out
        );
        Assert.Contains("Median area", run.Output);
        Assert.DoesNotContain("mPIR", run.Output);
        await run.MustRunAsync("report", run.Out);
        Assert.Contains("report.html: 3 images", run.Output);
        Assert.DoesNotContain("\"GroundTruthBox\"", run.Read("report.html"));
    }

    [TestMethod]
    [DataRow("two runs", "a.png", "--words", "beak", "--cub", "x")]
    [DataRow("--coco needs --images", "--coco", "a.json")]
    [DataRow("names points", "a.png", "--words", "head=crown")]
    public async Task WhatDoesNotGoTogetherIsSaid(string said, params string[] arguments)
    {
        using ToolRun run = new();
        Assert.AreEqual(2, await run.RunAsync(arguments));
        Assert.Contains(said, run.Error);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("ask")]
    [DataRow("compare")]
    [DataRow("report")]
    [DataRow("model")]
    [DataRow("model get")]
    public async Task EveryCommandHasHelp(string command)
    {
        using ToolRun run = new();
        await run.MustRunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Contains("Usage:", run.Output);
        Assert.Contains("--help", run.Output);
    }
}
