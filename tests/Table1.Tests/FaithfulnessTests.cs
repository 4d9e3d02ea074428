using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace Table1;

/// <summary>Insertion and deletion curves beside the other scores.</summary>
[TestClass]
public sealed class FaithfulnessTests
{
    private const string Question = "Which color is the {word}?";

    private static readonly string[] Scores = ["insertion", "deletion", "insertion_highest", "answer_probability"];

    private static readonly string[] Measured = ["--faithfulness", "--steps", "3", "--question", Question, "--answer-tokens", "3"];

    [TestMethod]
    public async Task EveryMapOfOneWordAnImageIsMeasuredAsTheModelMeasuresIt()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(Measured), run.Error);
        MethodEvaluation table = run.Table();
        foreach (string name in (string[])["Paper", "AllHeadsMean", "CenterGaussian", "RandomMap"])
        {
            foreach (string score in Scores)
            {
                Assert.IsTrue(table[name].Mean.Further[score].Value is > 0 and < 1, $"{name}, {score}");
            }
        }

        Assert.AreEqual(2 * (table.FixedAreas.Count + 2), table.Agreements.Count);
        Assert.Contains("Spearman's rank correlation over 2 methods", run.Read("table.md"));
        Assert.Contains("3 steps of pixels, hidden ones black", run.Read("table.md"));

        // One word an image, in turn, and the same for everything that has a map.
        string[][] lines = [.. run.Read("scores.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
        int insertion = Array.IndexOf(lines[0], "insertion");
        string[] images = [.. lines.Skip(1).Select(line => line[0]).Distinct()];
        List<int> words = [];
        foreach (string image in images)
        {
            string[][] measured = [.. lines.Skip(1).Where(line => line[0] == image && line[insertion].Length > 0)];
            Assert.HasCount(4, measured);
            words.Add(CubParts.Attributes.ToList().IndexOf(measured.Select(line => line[3]).Distinct().Single()));
        }

        Assert.IsGreaterThan(images.Length / 2, words.Distinct().Count());

        // The first image's, by hand.
        var context = new MLContext();
        IDataView rows = context.Data.LoadCub(run.Cub, new CubLoaderOptions { Split = CubSplit.Test });
        using var model = VisionLanguageModel.Load(run.Model);
        float[] maps = context
            .Transforms.LoadGroundingImages()
            .Append(
                context.Transforms.GroundByMethods(
                    new MethodGrounderOptions
                    {
                        Model = model,
                        Methods = [GroundingMethods.AllHeadsMean],
                        Words = CubParts.Attributes,
                        Object = "bird",
                        Question = Question,
                    }
                )
            )
            .Fit(rows)
            .Transform(rows)
            .GetColumn<VBuffer<float>>("GroundingMaps.AllHeadsMean")
            .First()
            .DenseValues()
            .ToArray();
        string word = CubParts.Attributes[words[0]];
        string path = context.Data.CreateEnumerable<ImageRow>(rows, reuseRowObject: false, ignoreMissingColumns: true).First().ImagePath;
        RgbImage first = ImageFile.LoadRgb(path);
        PreparedPrompt prompt = model.Prepare([
            new AttentionQuery { Name = word, Question = Question.Replace("{word}", word, StringComparison.Ordinal) },
        ]);
        Answer answer = model.Answer(first, prompt, new AnswerOptions { MaximumTokens = 3 }).Answers[0];
        FaithfulnessCurves curves = model.MeasureFaithfulness(
            first,
            prompt,
            query: 0,
            answer.TokenIds,
            [maps[(36 * words[0])..(36 * (words[0] + 1))]],
            new FaithfulnessOptions { Steps = 3 }
        )[0];
        string[] written = lines.Single(line => line[0] == images[0] && line[2] == "AllHeadsMean" && line[3] == word);
        double[] expected = [curves.InsertionArea, curves.DeletionArea, curves.HighestInsertion, curves.Deletion[0]];
        for (int score = 0; score < Scores.Length; score++)
        {
            Assert.AreEqual(
                expected[score],
                double.Parse(written[Array.IndexOf(lines[0], Scores[score])], CultureInfo.InvariantCulture),
                1e-6,
                Scores[score]
            );
        }
    }

    [TestMethod]
    public async Task AnInterruptedRunGoesOnAndOtherCurvesAreRefused()
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(Measured), run.Error);
        (string table, string scores) = (run.Read("table.json"), run.Read("scores.csv"));
        File.WriteAllText(Path.Combine(run.Out(), "scores.csv"), scores[..(2 * scores.Length / 3)]);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync([.. Measured, "--together", "2"]), run.Error);
        MethodEvaluation again = run.Table();
        var whole = MethodEvaluation.FromJson(table);
        Assert.AreEqual(whole["Paper"].Mean.Further["insertion"].Value, again["Paper"].Mean.Further["insertion"].Value, 1e-6);
        Assert.AreEqual(whole["RandomMap"].Mean.Further["deletion"].Value, again["RandomMap"].Mean.Further["deletion"].Value, 1e-6);
        string[][] others =
        [
            ["--faithfulness", "--steps", "4", "--question", Question, "--answer-tokens", "3"],
            [.. Measured, "--hidden", "mean"],
            ["--faithfulness", "--steps", "3", "--question", "The {word}?", "--answer-tokens", "3"],
            ["--faithfulness", "--steps", "3", "--question", Question, "--answer-tokens", "2"],
        ];
        foreach (string[] other in others)
        {
            Assert.AreEqual(ExitCode.Failure, await run.RunAsync(other));
            Assert.Contains("another run", run.Error);
        }
    }

    [TestMethod]
    public async Task WholeCellsAndTheMeanColorAreNamed()
    {
        using var run = new SmallTable();
        string[] arguments =
        [
            "--faithfulness",
            "--by-cells",
            "--hidden",
            "mean",
            "--limit",
            "1",
            "--answer-tokens",
            "1",
            "--methods",
            "AllHeadsMean",
        ];
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(arguments), run.Error);
        Assert.Contains("whole cells, hidden ones of the image's mean color", run.Read("table.md"));
    }

    [TestMethod]
    [DataRow("--steps", "4", "--steps needs --faithfulness")]
    [DataRow("--hidden", "mean", "--hidden needs --faithfulness")]
    [DataRow("--question", "Where?", "must hold {word}")]
    public async Task WhatHasNoEffectIsRefused(string option, string value, string problem)
    {
        using var run = new SmallTable();
        Assert.AreEqual(ExitCode.WrongArguments, await run.RunAsync(option, value));
        Assert.Contains(problem, run.Error);
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";
    }
}
