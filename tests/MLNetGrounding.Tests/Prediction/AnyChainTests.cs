using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Prediction;

/// <summary>Engines of chains that hold stock steps: loaders before the maps, predictors behind them.</summary>
[TestClass]
public sealed class AnyChainTests
{
    private const int Count = 6;
    private static readonly Lazy<Pictures> Shared = new(() => new Pictures(Count));

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void BehindStockLoadImagesAFileGivesWhatTheChainGives()
    {
        // Turned and transparent, which the stock loader does not see as this library's does.
        string path = TestData.Fixture("images/png-rgba-o6.png");
        IDataView files = ML.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = path } });
        TransformerChain<RolloutMaskerTransformer> chain = ML
            .Transforms.LoadImages("Image", Path.GetDirectoryName(path), "ImagePath")
            .Append(ML.Transforms.ExtractAttention(TinyExtraction.Options(2)))
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Fit(files);
        float[] expected = chain.Transform(files).Vectors("GroundingMaps")[0];
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(chain);
        GroundingPrediction prediction = engine.Predict(path);
        CollectionAssert.AreEqual(expected, Maps(prediction));
        Assert.AreEqual((21, 13), (prediction.Geometry!.Value.ImageWidth, prediction.Geometry.Value.ImageHeight));
        Assert.IsNull(prediction.PredictedLabel);
        Assert.IsEmpty(prediction.Score);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => engine.Predict("no-such.png")).Message, "no-such.png");
    }

    [TestMethod]
    public void AClassifierBehindTheMapsPredictsBesideThem()
    {
        IEstimator<ITransformer> trainer = ML
            .Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(ML.MulticlassClassification.Trainers.SdcaMaximumEntropy("Label", "GroundingFeatures", maximumNumberOfIterations: 20));
        TransformerChain<ITransformer> asKeys = Features().Append(trainer).Fit(Shared.Value.View);
        TransformerChain<KeyToValueMappingTransformer> asText = Features()
            .Append(trainer)
            .Append(ML.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(Shared.Value.View);
        string[] labels = [.. asText.Transform(Shared.Value.View).GetColumn<string>("PredictedLabel")];
        float[][] maps = asText.Transform(Shared.Value.View).Vectors("GroundingMaps");
        foreach (ITransformer model in new ITransformer[] { asKeys, asText })
        {
            float[][] scores = model.Transform(Shared.Value.View).Vectors("Score");
            using GroundingEngine engine = ML.Model.CreateGroundingEngine(model);
            foreach (Picture picture in Shared.Value.Rows)
            {
                GroundingPrediction prediction = engine.Predict(picture.Image!);
                CollectionAssert.AreEqual(maps[picture.Id], Maps(prediction));
                CollectionAssert.AreEqual(scores[picture.Id], prediction.Score.ToArray());
                CollectionAssert.AreEquivalent(Shared.Value.Rows.Select(row => row.Name).ToArray(), prediction.ScoreNames.ToArray());
                Assert.AreEqual(labels[picture.Id], prediction.PredictedLabel);
                Assert.AreEqual(
                    prediction.ScoreNames[prediction.Score.ToList().IndexOf(prediction.Score.Max())],
                    prediction.PredictedLabel
                );
                Assert.IsNull(prediction.Probability);
            }

            Assert.IsNull(engine.Predict(new GroundingInput()).PredictedLabel, "nothing is predicted for an image that failed");
            Assert.IsEmpty(engine.Predict(new GroundingInput()).Score);
        }
    }

    [TestMethod]
    public void AClassifierThatWasSavedPredictsTheSame()
    {
        using TemporaryFolder folder = new();
        TransformerChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> model = Features()
            .Append(ML.Transforms.Conversion.MapValueToKey("Label", "Name"))
            .Append(ML.MulticlassClassification.Trainers.SdcaMaximumEntropy("Label", "GroundingFeatures", maximumNumberOfIterations: 20))
            .Fit(Shared.Value.View);
        string file = Path.Combine(folder.Path, "model.zip");
        ML.Model.SaveGrounding(model, Shared.Value.View.Schema, file);
        ITransformer loaded = new MLContext().Model.LoadGrounding(file, out _);
        using GroundingEngine before = ML.Model.CreateGroundingEngine(model);
        using GroundingEngine after = new MLContext().Model.CreateGroundingEngine(loaded);
        foreach (Picture picture in Shared.Value.Rows)
        {
            (GroundingPrediction first, GroundingPrediction second) = (before.Predict(picture.Image!), after.Predict(picture.Image!));
            Assert.IsNotNull(first.PredictedLabel);
            Assert.AreEqual(first.PredictedLabel, second.PredictedLabel);
            CollectionAssert.AreEqual(first.Score.ToArray(), second.Score.ToArray());
        }
    }

    [TestMethod]
    public void ABinaryClassifierGivesItsProbability()
    {
        TransformerChain<BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>> model =
            Features()
                .Append(
                    ML.BinaryClassification.Trainers.SdcaLogisticRegression("IsEven", "GroundingFeatures", maximumNumberOfIterations: 20)
                )
                .Fit(Shared.Value.View);
        IDataView scored = model.Transform(Shared.Value.View);
        bool[] labels = [.. scored.GetColumn<bool>("PredictedLabel")];
        float[] scores = [.. scored.GetColumn<float>("Score")];
        float[] probabilities = [.. scored.GetColumn<float>("Probability")];
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(model);
        foreach (Picture picture in Shared.Value.Rows)
        {
            GroundingPrediction prediction = engine.Predict(picture.Image!);
            Assert.AreEqual(labels[picture.Id].ToString(), prediction.PredictedLabel);
            CollectionAssert.AreEqual(new[] { scores[picture.Id] }, prediction.Score.ToArray());
            Assert.AreEqual(probabilities[picture.Id], prediction.Probability);
            Assert.IsEmpty(prediction.ScoreNames);
        }
    }

    [TestMethod]
    public void APredictorThatNeedsMoreThanAnImageIsRefusedWithTheColumnsName()
    {
        TransformerChain<BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>> model =
            Features()
                .Append(ML.Transforms.Concatenate("Features", "GroundingFeatures", "Numbers"))
                .Append(ML.BinaryClassification.Trainers.SdcaLogisticRegression("IsEven", maximumNumberOfIterations: 2))
                .Fit(Shared.Value.View);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Model.CreateGroundingEngine(model));
        StringAssert.Contains(error.Message, "'Numbers'");
        StringAssert.Contains(error.Message, "ColumnConcatenatingTransformer");
    }

    [TestMethod]
    public void WhereMapsLackTheErrorSaysWhichStepsWereLeftOut()
    {
        ITransformer model = ML.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(Shared.Value.View);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Model.CreateGroundingEngine(model));
        StringAssert.Contains(error.Message, "'GroundingMaps'");
        StringAssert.Contains(error.Message, "ValueToKeyMappingTransformer");
        StringAssert.Contains(error.Message, "append MaskByRollout");
    }

    private static float[] Maps(GroundingPrediction prediction) => [.. prediction.Queries.SelectMany(query => query.Map.ToArray())];

    private EstimatorChain<GroundingFeaturizerTransformer> Features()
    {
        AttentionExtractorOptions options = TinyExtraction.Options(2);
        options.PatchFeaturesColumnName = "PatchFeatures";
        return ML
            .Transforms.ExtractAttention(options)
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Append(ML.Transforms.FeaturizeGrounding())
            .AppendCacheCheckpoint(ML);
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
