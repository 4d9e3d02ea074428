using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Tool;

[TestClass]
public sealed class GroundTests
{
    [TestMethod]
    public async Task PhotosAreGroundedAsTheLibraryGroundsThem()
    {
        using ToolRun run = new();
        await run.MustRunAsync(run.Photos, "--words", "beak,wing", "--object", "bird", "--threshold", "0.3", "--out", run.Out);
        string[] lines = run.Read("regions.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(7, lines);
        Assert.HasCount(6, Directory.GetFiles(Path.Combine(run.Out, "overlays"), "*.png"));

        // The paper's steps one by one, instead of the preset.
        MLContext context = new();
        EstimatorChain<RolloutMaskerTransformer> pipeline = context
            .Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(SampleLlava.Directory, ["beak", "wing"], "bird"))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout());
        using GroundingEngine engine = context.Model.CreateGroundingEngine(
            pipeline.Fit(context.Data.LoadImageFiles(run.Photos)),
            regionThreshold: 0.3
        );
        int line = 1;
        foreach (string path in (string[])["a.png", "b.png", Path.Combine("more", "c.png")])
        {
            GroundingPrediction expected = engine.Predict(Path.Combine(run.Photos, path));
            foreach (GroundedQuery query in expected.Queries)
            {
                string[] fields = lines[line++].Split(',');
                Assert.AreEqual(Path.Combine(run.Photos, path), fields[0]);
                Assert.AreEqual(query.Name, fields[1]);
                PixelBox box = query.Region.Box!.Value;
                Assert.AreEqual($"found,{box.X},{box.Y},{box.Width},{box.Height}", string.Join(',', fields[2..7]));
                Assert.AreEqual(query.Region.Area, double.Parse(fields[7], CultureInfo.InvariantCulture), 1e-6);
                Assert.AreEqual($"{query.Region.Boxes.Count}", fields[8]);
                Assert.Contains($"{query.Name}: {box.Width} x {box.Height} pixels at ({box.X}, {box.Y})", run.Output);
            }
        }
    }

    [TestMethod]
    public async Task TheSampleModelSaysWhatItKnows()
    {
        using ToolRun run = new();
        await run.MustRunAsync(Path.Combine(run.Photos, "a.png"), "--words", "wheel,door", "--object", "car", "--out", run.Out);
        Assert.Contains("drawn birds", run.Error);
        Assert.Contains("wheel: ", run.Output);
    }

    [TestMethod]
    public async Task AnImageThatCannotBeReadCostsNoOther()
    {
        using ToolRun run = new();
        File.WriteAllText(Path.Combine(run.Photos, "aa.png"), "no image");
        await run.MustRunAsync(run.Photos, "--words", "beak", "--out", run.Out, "--overlays", "0");
        Assert.Contains("skipped: ", run.Error);
        Assert.Contains("aa.png", run.Error);
        Assert.Contains("aa.png,,failed", run.Read("regions.csv"));
        Assert.HasCount(5, run.Read("regions.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.IsFalse(Directory.Exists(Path.Combine(run.Out, "overlays")));
    }

    [TestMethod]
    public async Task WithoutAnObjectTheMeanOfAllHeadsIsTaken()
    {
        using ToolRun run = new();
        string model = RandomLlava.Write(Path.Combine(run.Folder, "model"), seed: 3, layers: 2, heads: 4, grid: 6);
        File.Delete(Path.Combine(model, "grounding.json"));
        await run.MustRunAsync(Path.Combine(run.Photos, "*.png"), "--words", "beak", "--model", model, "--out", run.Out);
        Assert.Contains("method AllHeadsMean", run.Error);
        Assert.HasCount(3, run.Read("regions.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [TestMethod]
    public async Task AReportIsMadeOfAFinishedRunWithoutTheModel()
    {
        using ToolRun run = new();
        string model = RandomLlava.Write(Path.Combine(run.Folder, "model"), seed: 3, layers: 2, heads: 4, grid: 6);
        await run.MustRunAsync(
            run.Photos,
            "--words",
            "beak,wing",
            "--object",
            "bird",
            "--model",
            model,
            "--out",
            run.Out,
            "--report",
            Path.Combine(run.Folder, "at-once.html")
        );
        Directory.Delete(model, recursive: true);
        await run.MustRunAsync("report", run.Out);
        Assert.Contains("report.html: 3 images", run.Output);
        string page = run.Read("report.html");
        Assert.Contains("c.png", page);
        Assert.AreEqual(File.ReadAllText(Path.Combine(run.Folder, "at-once.html")), page);
    }

    [TestMethod]
    public async Task WhatIsNoRunIsSaid()
    {
        using ToolRun run = new();
        Assert.AreEqual(1, await run.RunAsync("report", run.Photos));
        Assert.Contains("holds no run", run.Error);
    }

    [TestMethod]
    [DataRow("--words needs at least one word")]
    [DataRow("Name images", "--words", "beak")]
    [DataRow("--words needs at least one word", "a.png", "--words", "beak,beak")]
    [DataRow("--method must be one of", "a.png", "--words", "beak", "--method", "Best")]
    [DataRow("--method Paper needs --object", "a.png", "--words", "beak", "--method", "Paper")]
    public async Task WrongArgumentsAreExplained(string said, params string[] arguments)
    {
        using ToolRun run = new();
        Assert.AreEqual(2, await run.RunAsync(arguments));
        Assert.Contains(said, run.Error);
    }

    [TestMethod]
    public async Task WhatIsNotThereIsOneLine()
    {
        using ToolRun run = new();
        Assert.AreEqual(1, await run.RunAsync(Path.Combine(run.Folder, "nowhere"), "--words", "beak", "--out", run.Out));
        Assert.Contains("does not exist", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [TestMethod]
    public async Task CompareMakesTheTable()
    {
        using ToolRun run = new();
        SampleBirds.Write(
            Path.Combine(run.Folder, "cub"),
            new SampleBirdsOptions
            {
                Count = 4,
                MinimumSize = 64,
                MaximumSize = 96,
            }
        );
        await run.MustRunAsync(
            "compare",
            "--methods",
            "AllHeadsMean",
            "--cub",
            Path.Combine(run.Folder, "cub"),
            "--split",
            "all",
            "--out",
            run.Out
        );
        Assert.Contains("AllHeadsMean", run.Read("table.md"));
        Assert.AreEqual(1, await run.RunAsync("report", run.Out));
        Assert.Contains("table.md", run.Error);
        Assert.Contains("--keep-maps", run.Error);
    }
}
