using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Catalogs;

/// <summary>What most pipelines need, asked for by named arguments.</summary>
[TestClass]
public sealed class NamedArgumentTests
{
    private const string Own = "Which part of the {object} is the {word}?";

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void AStatedQuestionIsAskedAboutEveryWordWhateverTheProfileSays()
    {
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        AttentionExtractorOptions options = new()
        {
            Model = model,
            Words = ["beak", "wing"],
            Object = "bird",
            Question = Own,
        };
        PreparedPrompt prompt = model.Prepare(options.AllQueries(), options.Asked(options.Captured, model));
        PreparedPrompt expected = model.Prepare(
            [
                .. options.Words.Select(word => new AttentionQuery
                {
                    Name = word,
                    Word = word,
                    Question = $"Which part of the bird is the {word}?",
                }),
            ],
            new CaptureOptions { Flow = null }
        );
        foreach (string word in options.Words)
        {
            CollectionAssert.AreEqual(
                expected.Suffixes.Single(suffix => suffix.Query.Name == word).TokenIds.ToArray(),
                prompt.Suffixes.Single(suffix => suffix.Query.Name == word).TokenIds.ToArray()
            );
        }

        Assert.IsTrue(model.Profile.Questions.ContainsKey("beak"), "the profile has a question of its own for this word");
    }

    [TestMethod]
    [DataRow("Where is it?", "bird", "{word}")]
    [DataRow(Own, "", "there is no object")]
    public void AQuestionThatCannotBeAskedIsRefused(string question, string subject, string problem)
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() =>
            _ml.Transforms.ExtractAttention(SampleLlava.Directory, ["beak"], subject, question)
        );
        Assert.Contains($"Question is '{question}'", error.Message);
        Assert.Contains(problem, error.Message);
    }

    [TestMethod]
    public void AQuestionBesideQueriesIsRefused()
    {
        AttentionExtractorOptions options = new()
        {
            ModelDirectory = SampleLlava.Directory,
            Queries = [AttentionQuery.Fine("beak")],
            Question = "Where is the {word}?",
        };
        Assert.Contains(
            "Leave Question unset",
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.ExtractAttention(options)).Message
        );
    }

    [TestMethod]
    public void PatchFeaturesAndTheGridAreAskedForByArguments()
    {
        IDataView images = _ml.Data.LoadFromEnumerable([new Row { ImagePath = Methods.GoldenMethods.ImagePath("img0") }]);
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        MapGrid own = model.Info.Grid;
        using TransformerChain<AttentionExtractorTransformer> with = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.ExtractAttention(SampleLlava.Directory, ["beak"], grid: own, patchFeatures: true))
            .Fit(images);
        CollectionAssert.AreEqual(
            new[] { own.Height, own.Width, model.Info.Width },
            with.Transform(images).Schema.Dimensions("PatchFeatures")
        );
        using TransformerChain<AttentionExtractorTransformer> without = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.ExtractAttention(SampleLlava.Directory, ["beak"]))
            .Fit(images);
        Assert.IsNull(without.Transform(images).Schema.GetColumnOrNull("PatchFeatures"));

        // The sample model has a grid of its own, so that another one shows that the argument arrives.
        MapGrid other = new(own.Height + 1, own.Width);
        foreach (
            IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
            {
                _ml.Transforms.LoadGroundingImages().Append(_ml.Transforms.ExtractAttention(SampleLlava.Directory, ["beak"], grid: other)),
                _ml
                    .Transforms.LoadGroundingImages()
                    .Append(
                        _ml.Transforms.GroundByMethods(
                            SampleLlava.Directory,
                            ["beak"],
                            methods: [GroundingMethods.AllHeadsMean],
                            grid: other
                        )
                    ),
            }
        )
        {
            Assert.Contains(other.ToString(), Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(images)).Message);
        }
    }

    [TestMethod]
    public void OutputColumnsOfScoresAndMapsAreNamed()
    {
        var rows = new MapRows(2);
        IDataView scored = _ml.Transforms.EvaluateMpir("Was", "Wide", "Worth", "GroundingMaps.First").Fit(rows.View).Transform(rows.View);
        Columns.AssertSame(
            _ml.Transforms.EvaluateMpir(groundingMapsColumnName: "GroundingMaps.First").Fit(rows.View).Transform(rows.View).Vectors("Mpir"),
            scored.Vectors("Worth")
        );
        Assert.IsNotNull(scored.Schema.GetColumnOrNull("Was"));
        Assert.IsNotNull(scored.Schema.GetColumnOrNull("Wide"));
        IDataView images = _ml.Data.LoadFromEnumerable([new Row { ImagePath = Methods.GoldenMethods.ImagePath("img0") }]);
        using TransformerChain<MethodGrounderTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(
                _ml.Transforms.GroundByMethods(
                    SampleLlava.Directory,
                    ["beak"],
                    methods: [GroundingMethods.AllHeadsMean],
                    groundingMapsColumnName: "Maps"
                )
            )
            .Fit(images);
        Assert.IsNotNull(model.Transform(images).Schema.GetColumnOrNull("Maps.AllHeadsMean"));
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";
    }
}
