using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;

namespace MLNetGrounding.Attention;

/// <summary>Rows that run through the model twice are spoken of once, and only they.</summary>
[TestClass]
public sealed class RepeatedRowsTests
{
    private const int Count = 8;
    private static readonly Lazy<Pictures> Shared = new(() => new Pictures(Count));

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    private IReadOnlyList<string> Said => [.. _log.Warnings.Where(warning => warning.Contains("a second time"))];

    [TestMethod]
    public void ATrainerOfSeveralPassesIsWarnedAboutOnceWithTheCachesName()
    {
        HeldObserver observer = new();
        Features(observer).Append(Trainer()).Fit(Shared.Value.View);
        Assert.IsGreaterThan(2 * Count, observer.Pictures, "the trainer does make several passes");
        Assert.HasCount(1, Said);
        StringAssert.StartsWith(Said[0], "AttentionExtractor: ");
        StringAssert.Contains(Said[0], ".AppendCacheCheckpoint(context)");
        StringAssert.Contains(Said[0], "context.Data.Cache(view)");
    }

    [TestMethod]
    public void WithTheCacheEachRowRunsOnceAndNothingIsSaid()
    {
        HeldObserver observer = new();
        Features(observer).AppendCacheCheckpoint(ML).Append(Trainer()).Fit(Shared.Value.View);
        Assert.AreEqual(Count, observer.Pictures);
        Assert.IsEmpty(Said);
    }

    [TestMethod]
    public void CrossValidationOverCachedRowsIsNoRepetition()
    {
        HeldObserver observer = new();
        IDataView rows = ML.Data.Cache(
            Features(observer).Fit(Shared.Value.View).Transform(Shared.Value.View),
            "IsEven",
            "GroundingFeatures"
        );
        ML.BinaryClassification.CrossValidateNonCalibrated(rows, Trainer(), numberOfFolds: 2, labelColumnName: "IsEven");
        Assert.AreEqual(Count, observer.Pictures);
        Assert.IsEmpty(Said);
    }

    [TestMethod]
    public void OtherRowsOfTheSameNumberAreNoRepetition()
    {
        TransformerChain<GroundingFeaturizerTransformer> model = Features().Fit(Shared.Value.View);
        Read(model.Transform(Shared.Value.View));
        Read(model.Transform(ML.Data.LoadFromEnumerable(Drawn(seed: 1), Definition())));
        Read(model.Transform(ML.Data.LoadFromEnumerable(Drawn(seed: 2), Definition())));
        Assert.IsEmpty(Said);
        Read(model.Transform(ML.Data.LoadFromEnumerable(Drawn(seed: 2), Definition())));
        Assert.HasCount(1, Said);
    }

    [TestMethod]
    public void TheSameImageInTwoRowsAndSeveralColumnsOfARowAreNoRepetition()
    {
        MLImage image = Shared.Value.Rows[0].Image!;
        IDataView view = ML.Data.LoadFromEnumerable(
            Enumerable.Repeat(
                new GroundingInput
                {
                    Image = image,
                    KeyPoints = [0, 0],
                    KeyPointVisible = [0],
                },
                2
            ),
            Definition()
        );
        TransformerChain<GroundingFeaturizerTransformer> model = Features().Fit(view);
        IDataView rows = model.Transform(view);

        // What is asked for grows within the first row, which runs again for it.
        using DataViewRowCursor cursor = rows.GetRowCursor(rows.Schema);
        VBuffer<float> values = default;
        Assert.IsTrue(cursor.MoveNext());
        cursor.GetGetter<VBuffer<float>>(rows.Schema["FineAttention"])(ref values);
        cursor.GetGetter<VBuffer<float>>(rows.Schema["GroundingFeatures"])(ref values);
        ValueGetter<VBuffer<float>> features = cursor.GetGetter<VBuffer<float>>(rows.Schema["GroundingFeatures"]);
        Assert.IsTrue(cursor.MoveNext());
        features(ref values);
        Assert.IsEmpty(Said);
    }

    [TestMethod]
    public void AnEngineThatIsShownTheSameImageAgainIsNotWarnedAbout()
    {
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(Features().Fit(Shared.Value.View));
        engine.Predict(Shared.Value.Rows[0].Image!);
        engine.Predict(Shared.Value.Rows[0].Image!);
        Assert.IsEmpty(Said);
    }

    private static void Read(IDataView rows) => rows.Vectors("GroundingFeatures");

    private static SchemaDefinition Definition() => SchemaDefinition.Create(typeof(GroundingInput));

    private static GroundingInput[] Drawn(int seed)
    {
        Random random = new(seed);
        byte[] pixels = new byte[30 * 20 * 4];
        random.NextBytes(pixels);
        return
        [
            new GroundingInput
            {
                Image = MLImage.CreateFromPixels(30, 20, MLPixelFormat.Bgra32, pixels),
                KeyPoints = [0, 0],
                KeyPointVisible = [0],
            },
        ];
    }

    private EstimatorChain<GroundingFeaturizerTransformer> Features(params ILayerObserver[] observers)
    {
        AttentionExtractorOptions options = TinyExtraction.Options(2, observers);
        options.PatchFeaturesColumnName = "PatchFeatures";
        return ML
            .Transforms.ExtractAttention(options)
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Append(ML.Transforms.FeaturizeGrounding());
    }

    private AveragedPerceptronTrainer Trainer() =>
        ML.BinaryClassification.Trainers.AveragedPerceptron("IsEven", "GroundingFeatures", numberOfIterations: 4);
}
