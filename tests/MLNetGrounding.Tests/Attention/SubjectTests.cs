using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Attention;

/// <summary>
/// Words and object of the user's own, and none. The sample model was trained on birds: what it finds in these images means nothing.
/// </summary>
[TestClass]
public sealed class SubjectTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void WordsAreRequired()
    {
        foreach (CapturingOptions options in (CapturingOptions[])[new AttentionExtractorOptions(), new MethodGrounderOptions()])
        {
            options.ModelDirectory = SampleLlava.Directory;
            options.Object = "car";
            Assert.Contains("Words of " + options.GetType().Name + " is empty", Refused(options));
            options.Words = ["wheel", " "];
            Assert.Contains("'wheel', ' '", Refused(options));
            options.Words = ["wheel", "wheel"];
            Assert.Contains("each be given once", Refused(options));
        }

        Assert.ThrowsExactly<ArgumentException>(() => ML.Transforms.ExtractAttention(SampleLlava.Directory, []));
        Assert.ThrowsExactly<ArgumentException>(() => ML.Transforms.GroundByMethods(SampleLlava.Directory, []));

        string Refused(CapturingOptions options) => Assert.ThrowsExactly<ArgumentException>(() => Make(options)).Message;
    }

    [TestMethod]
    public void TheObjectIsTheStatedOneElseTheProfiles()
    {
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        GroundingProfile neutral = model.Profile with
        {
            Question = new GroundingProfile().Question,
            Questions = new GroundingProfile().Questions,
            ObjectQuestion = "Where is the {word}?",
        };

        Assert.AreEqual(("bird", "Where is the wheel of the bird?"), Asked(null, neutral));
        Assert.AreEqual(("car", "Where is the wheel of the car?"), Asked("car", neutral));
        Assert.AreEqual((null, "Where is the wheel?"), Asked("", neutral));
        Assert.AreEqual((null, "Where is the wheel?"), Asked(null, neutral with { Object = null }));

        (string? Coarse, string Question) Asked(string? @object, GroundingProfile profile)
        {
            AttentionExtractorOptions options = new()
            {
                Model = model,
                Words = ["wheel"],
                Object = @object,
                Capture = new CaptureOptions { Profile = profile },
            };
            PreparedPrompt prompt = model.Prepare(options.AllQueries(), options.Asked(options.Captured, model));
            string? coarse = prompt.CoarseName;
            Assert.AreEqual(coarse is not null, options.HasCoarse);
            PreparedPrompt expected = model.Prepare(
                [
                    new AttentionQuery
                    {
                        Name = "wheel",
                        Word = "wheel",
                        Question = QuestionOf(prompt),
                    },
                ],
                new CaptureOptions { Profile = profile, Flow = null }
            );
            return (coarse, expected.Queries[0].Question!);

            // The question whose tokens the fine query has.
            string QuestionOf(PreparedPrompt actual) =>
                ((string[])["Where is the wheel of the bird?", "Where is the wheel of the car?", "Where is the wheel?"]).Single(question =>
                    model
                        .Prepare(
                            [
                                new AttentionQuery
                                {
                                    Name = "wheel",
                                    Word = "wheel",
                                    Question = question,
                                },
                            ],
                            new CaptureOptions { Profile = profile, Flow = null }
                        )
                        .Suffixes[0]
                        .TokenIds.SequenceEqual(actual.Suffixes.Single(suffix => suffix.Query.Name == "wheel").TokenIds)
                );
        }
    }

    [TestMethod]
    public void WithoutAnObjectThereAreNoCoarseColumnsAndTheChainWorksWithoutARollout()
    {
        IDataView images = Images();
        EstimatorChain<AttentionExtractorTransformer> extraction = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(SampleLlava.Directory, ["wheel", "door"], ""));
        using TransformerChain<RolloutMaskerTransformer> chain = extraction
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout(new RolloutMaskerOptions { UniformMask = true }))
            .Fit(images);

        IDataView data = chain.Transform(images);

        foreach (string column in (string[])["CoarseAttention", "CoarseFlow", "FlowRowSums"])
        {
            Assert.IsNull(data.Schema.GetColumnOrNull(column), column);
        }

        CollectionAssert.AreEqual((string[])["wheel", "door"], data.Schema["FineAttention"].GetQueryNames().ToArray());
        Assert.IsTrue(data.Vectors("LayerMaps")[0].All(float.IsFinite));
        Assert.IsTrue(data.Vectors("GroundingMaps")[0].All(float.IsFinite));
        EstimatorChain<RolloutMaskerTransformer> masked = extraction
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout());
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => masked.Fit(images)).Message;
        Assert.Contains("'CoarseFlow'", message);
        Assert.Contains("give one to ExtractAttention (Object, such as \"car\")", message);
        Assert.Contains("UniformMask", message);
        EstimatorChain<HeadSelectorTransformer> selected = extraction.Append(
            ML.Transforms.SelectHeads(new HeadSelectorOptions { CoarseAttentionColumnName = "CoarseAttention" })
        );
        Assert.Contains(
            "give one to ExtractAttention",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => selected.Fit(images)).Message
        );
    }

    [TestMethod]
    public void MethodsThatMaskByTheObjectAskForOne()
    {
        IDataView images = Images();
        EstimatorChain<MethodGrounderTransformer> methods = ML
            .Transforms.LoadGroundingImages()
            .Append(
                ML.Transforms.GroundByMethods(SampleLlava.Directory, ["wheel"], "", [GroundingMethods.Paper, GroundingMethods.AllHeadsMean])
            );

        string message = Assert.ThrowsExactly<ArgumentException>(() => methods.Fit(images)).Message;

        Assert.Contains("Paper mask the words by the whole object, but none is named. Set Object", message);
        Assert.Contains("Without an object work: AllHeadsMean", message);
        using TransformerChain<MethodGrounderTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.GroundByMethods(SampleLlava.Directory, ["wheel"], "", [GroundingMethods.AllHeadsMean]))
            .Fit(images);
        Assert.IsTrue(chain.Transform(images).Vectors("GroundingMaps.AllHeadsMean")[0].All(float.IsFinite));
    }

    [TestMethod]
    public void WordsThatTheProfileDoesNotKnowAreSaidOnce()
    {
        IDataView images = Images();
        Fit("rotor", "beak", "antenna", "bird");

        string warning = _log.Warnings.Single();
        Assert.Contains("no question for 'rotor', 'antenna', so that", warning);
        Assert.Contains("asked is \"{word}\". It has questions for: beak, belly", warning);
        Fit("beak", "tail");
        Assert.HasCount(1, _log.Warnings, "these it knows");
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        ML.Transforms.ExtractAttention(
                new AttentionExtractorOptions
                {
                    Model = model,
                    Words = ["rotor"],
                    Capture = new CaptureOptions { Profile = new GroundingProfile { Template = model.Profile.Template } },
                }
            )
            .Fit(ML.Transforms.LoadGroundingImages().Fit(images).Transform(images))
            .Dispose();
        Assert.HasCount(1, _log.Warnings, "a profile that has no questions by word says nothing about words");

        void Fit(params string[] words)
        {
            using TransformerChain<AttentionExtractorTransformer> chain = ML
                .Transforms.LoadGroundingImages()
                .Append(ML.Transforms.ExtractAttention(SampleLlava.Directory, words, "car"))
                .Fit(images);
            _ = chain.Transform(images).Vectors("FineAttention");
        }
    }

    private void Make(CapturingOptions options)
    {
        if (options is AttentionExtractorOptions extractor)
        {
            ML.Transforms.ExtractAttention(extractor);
        }
        else
        {
            ML.Transforms.GroundByMethods((MethodGrounderOptions)options);
        }
    }

    private IDataView Images() =>
        ML.Data.LoadFromEnumerable(new[] { new ImageRow { ImagePath = TestData.Fixture("golden/images/img0.png") } });

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";
    }
}
