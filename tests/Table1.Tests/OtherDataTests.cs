using MLNetGrounding;
using MLNetGrounding.Testing;

namespace Table1;

/// <summary>The table on data of other forms than CUB's, and on images without annotations.</summary>
[TestClass]
public sealed class OtherDataTests
{
    private const string CubWords =
        "beak,belly,breast,head=crown+forehead+nape,wing=left_wing+right_wing,eye,tail,throat,back,leg=left_leg+right_leg";

    [TestMethod]
    public async Task ASetInCocosFormScoresAsCubsLoaderReadsIt()
    {
        using SmallTable run = new();
        string images = Path.Combine(run.Cub, "images");
        string folder = Path.GetDirectoryName(run.Cub)!;
        string test = AnnotationFiles.WriteCoco(run.Cub, Path.Combine(folder, "test.json"), CubSplit.Test);
        string train = AnnotationFiles.WriteCoco(run.Cub, Path.Combine(folder, "train.json"), CubSplit.Train);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--tune", "--out", run.Out("cub")), run.Error);
        Assert.AreEqual(
            ExitCode.Success,
            await run.RunAsync(
                "--coco",
                test,
                "--images",
                images,
                "--learn-on",
                train,
                "--tune",
                "--heads",
                "--words",
                CubWords,
                "--object",
                "bird",
                "--out",
                run.Out("coco")
            ),
            run.Error
        );

        (MethodEvaluation cub, MethodEvaluation coco) = (run.Table("cub"), run.Table("coco"));
        Assert.AreEqual(SmallTable.TestImages, coco.ImageCount);
        CollectionAssert.AreEqual(cub.Attributes.ToArray(), coco.Attributes.ToArray());
        Assert.AreEqual("the annotated images of test.json", coco.Rows);
        Assert.AreEqual("the annotated images of train.json", coco.PartPositionsLearnedOn);
        foreach (string name in (string[])["Paper", "AllHeadsMean", "Chance.OneCell", "GroundTruthBox", "MeanPartPosition", "RandomInBox"])
        {
            for (int attribute = 0; attribute < cub.Attributes.Count; attribute++)
            {
                (AttributeScores expected, AttributeScores actual) = (cub[name].Attributes[attribute], coco[name].Attributes[attribute]);
                Assert.AreEqual(expected.Count, actual.Count);
                Assert.AreEqual(expected.AtThreshold(0.05).Mpir, actual.AtThreshold(0.05).Mpir, name);
                Assert.AreEqual(expected.Pointing, actual.Pointing, name);
                Assert.AreEqual(expected.Auc, actual.Auc, name);
            }
        }

        // There are no part masks, so that thresholds are chosen by hits less area.
        Assert.IsNotNull(coco["Paper"].ChosenThreshold);
        Assert.Contains("share that head selection keeps", run.Output);
    }

    [TestMethod]
    public async Task AFileOfPointsScoresAsCubsLoaderReadsIt()
    {
        using SmallTable run = new();
        string points = AnnotationFiles.WritePoints(run.Cub, Path.Combine(Path.GetDirectoryName(run.Cub)!, "points.csv"), CubSplit.Test);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--out", run.Out("cub")), run.Error);
        Assert.AreEqual(
            ExitCode.Success,
            await run.RunAsync("--points", points, "--images", Path.Combine(run.Cub, "images"), "--object", "bird"),
            run.Error
        );
        (MethodEvaluation cub, MethodEvaluation file) = (run.Table("cub"), run.Table());
        CollectionAssert.AreEquivalent(cub.Attributes.ToArray(), file.Attributes.ToArray());
        foreach (AttributeScores expected in cub["Paper"].Attributes)
        {
            AttributeScores actual = file["Paper"].Attributes.Single(attribute => attribute.Name == expected.Name);
            Assert.AreEqual(expected.AtThreshold(0.05).Mpir.Value, actual.AtThreshold(0.05).Mpir.Value, 1e-5);
        }

        Assert.Contains("001.Motley_Bird/", run.Read("scores.csv"));
    }

    [TestMethod]
    public async Task MethodsOfAGroupThatCannotBeHadAreLeftOutAndSaid()
    {
        using SmallTable run = new();
        string coco = AnnotationFiles.WriteCoco(run.Cub, Path.Combine(Path.GetDirectoryName(run.Cub)!, "all.json"));
        File.Delete(Path.Combine(run.Model, "grounding.json"));
        string[] data = ["--coco", coco, "--images", Path.Combine(run.Cub, "images"), "--limit", "1", "--words", "beak"];
        Assert.AreEqual(ExitCode.Success, await run.RunAsync([.. data, "--methods", "all"]), run.Error);
        Assert.Contains("too few layers for them: LocalizationHeads.", run.Error);
        Assert.Contains("--object", run.Error);
        CollectionAssert.AreEqual(
            new[] { "VlSam", "AllHeadsMean", "AbnarRollout", "ViCrop", "DecAf", "Tam" },
            run.Table().Methods.Where(method => method.Kind == MethodKind.Method).Select(method => method.Name).ToArray()
        );
        using SmallTable deep = new(layers: 4);
        Assert.AreEqual(ExitCode.Success, await deep.RunAsync("--split", "all", "--methods", "all", "--limit", "1"), deep.Error);
        Assert.Contains("there are no other images to learn on: --learn-on names a file of them: LocalizationHeads.", deep.Error);
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync([.. data, "--methods", "Paper", "--out", run.Out("paper")]));
        Assert.Contains("Object", run.Error);
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync([.. data, "--methods", "LocalizationHeads", "--out", run.Out("learning")]));
        Assert.Contains("--learn-on", run.Error);
    }

    [TestMethod]
    public async Task ImagesWithoutAnnotationsAreComparedWithoutScores()
    {
        using SmallTable run = new(layers: 4);
        File.WriteAllText(Path.Combine(run.Cub, "images", "broken.png"), "no image");
        Assert.AreEqual(
            ExitCode.Success,
            await run.RunAsync(
                Path.Combine(run.Cub, "images"),
                "--words",
                "beak,tail",
                "--object",
                "bird",
                "--methods",
                "Paper,AllHeadsMean,LocalizationHeads"
            ),
            run.Error
        );
        var comparison = MapComparison.FromJson(run.Read("table.json"));
        Assert.AreEqual(13, comparison.ImageCount);
        Assert.AreEqual(1, comparison.FailedImageCount);
        Assert.Contains("broken.png", run.Error);
        Assert.HasCount(3, comparison.Methods);
        Assert.HasCount(3, comparison.Agreements);
        Assert.IsTrue(comparison.Methods.All(method => method.Words.All(word => word.Count == 12)));
        string text = run.Read("table.md");
        Assert.Contains("Median area of the regions", text);
        Assert.Contains("Paper and AllHeadsMean", text);
        foreach (string score in (string[])["mPIR", "hit rate", "pointing", "Chance"])
        {
            Assert.DoesNotContain(score, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(score, run.Output, StringComparison.OrdinalIgnoreCase);
        }

        Assert.IsFalse(File.Exists(Path.Combine(run.Out(), "scores.csv")));
    }

    [TestMethod]
    [DataRow("--coco needs --images", "--coco", "a.json")]
    [DataRow("--images needs --coco or --points", "--images", "a")]
    [DataRow("Give one", "--coco", "a.json", "--images", "b", "--points", "c.csv")]
    [DataRow("--learn-on needs", "--learn-on", "a.json")]
    [DataRow("--split needs --cub", "--points", "a.csv", "--split", "train")]
    [DataRow("--hidden-points need --coco", "--points", "a.csv", "--hidden-points")]
    [DataRow("need --words", "photos")]
    [DataRow("--tune needs annotations", "photos", "--words", "beak", "--tune")]
    [DataRow("compared alone", "photos", "--words", "beak", "--points", "a.csv")]
    [DataRow("each word once", "--words", "beak,beak")]
    [DataRow("points were expected", "--words", "beak=")]
    public async Task WhatDoesNotGoTogetherIsSaid(string said, params string[] arguments)
    {
        using StringWriter error = new();
        Assert.AreEqual(ExitCode.WrongArguments, await Table1Command.RunAsync(arguments, TextWriter.Null, error));
        Assert.Contains(said, error.ToString());
    }

    [TestMethod]
    public async Task APointThatTheDataDoesNotHaveIsNamed()
    {
        using SmallTable run = new();
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--words", "head=chin"));
        Assert.Contains("'chin'", run.Error);
        Assert.Contains("crown, forehead", run.Error);
    }
}
