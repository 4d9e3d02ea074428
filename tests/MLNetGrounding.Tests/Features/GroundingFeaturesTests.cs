using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Features;

/// <summary>The one call from image files to a trainer's features, with the sample model on drawn birds.</summary>
[TestClass]
[DoNotParallelize] // Counts what runs through all models of the process.
public sealed class GroundingFeaturesTests
{
    private const int Images = 160;
    private static readonly string[] Words = ["beak", "wing", "tail"];
    private static readonly Lazy<TemporaryFolder> Birds = new(() =>
    {
        TemporaryFolder folder = new();
        SampleBirds.Write(folder.Path, new SampleBirdsOptions { Seeds = SampleSeeds.Classifier, Count = Images });
        return folder;
    });

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [ClassCleanup]
    public static void Cleanup()
    {
        if (Birds.IsValueCreated)
        {
            Birds.Value.Dispose();
        }
    }

    [TestMethod]
    public void AStockTrainerLearnsWithTheDefaultNamesAndRunsEachImageOnce()
    {
        IDataView train = ML.Data.LoadCub(Birds.Value.Path, CubSplit.Train);
        IDataView test = ML.Data.LoadCub(Birds.Value.Path, CubSplit.Test);
        int images = train.GetColumn<string>("ImagePath").Count();
        using CaptureCount count = new();
        using TransformerChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> model = ML
            .Transforms.GroundingFeatures(SampleLlava.Directory, Words, "bird")
            .Append(ML.Transforms.Conversion.MapValueToKey("Label", "Species"))
            .Append(ML.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 50))
            .Fit(train);
        Assert.AreEqual(images, count.Take());
        MulticlassClassificationMetrics metrics = ML.MulticlassClassification.Evaluate(model.Transform(test));
        Assert.AreEqual(Images - images, count.Take());
        double chance = 1.0 / metrics.PerClassLogLoss.Count;
        Assert.IsGreaterThan(3 * chance, metrics.MicroAccuracy, $"chance is {chance:0.00}");
        Assert.IsFalse(_log.Warnings.Any(warning => warning.Contains("a second time")), string.Join('\n', _log.Warnings));
    }

    [TestMethod]
    public void CrossValidationOverCachedFeaturesRunsEachImageOnce()
    {
        IDataView birds = ML.Data.LoadCub(Birds.Value.Path, CubSplit.Train);
        int images = birds.GetColumn<string>("ImagePath").Count();
        using CaptureCount count = new();
        using TransformerChain<ITransformer> features = ML
            .Transforms.GroundingFeatures(SampleLlava.Directory, Words, "bird", normalize: false)
            .Fit(birds);
        IDataView rows = ML.Data.Cache(features.Transform(birds), "Features", "Species");
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> folds =
            ML.MulticlassClassification.CrossValidate(
                rows,
                ML.Transforms.Conversion.MapValueToKey("Label", "Species")
                    .Append(ML.Transforms.NormalizeMeanVariance("Features", fixZero: false))
                    .Append(ML.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 50)),
                numberOfFolds: 2
            );
        Assert.AreEqual(images, count.Take());
        Assert.IsGreaterThan(2.0 / folds[0].Metrics.PerClassLogLoss.Count, folds.Average(fold => fold.Metrics.MicroAccuracy));
        Assert.IsFalse(_log.Warnings.Any(warning => warning.Contains("a second time")), string.Join('\n', _log.Warnings));
    }

    [TestMethod]
    public void NormalizedFeaturesAreCenteredAndAnEngineOfTheChainGivesTheSame()
    {
        IDataView birds = ML.Data.LoadCub(Birds.Value.Path, new CubLoaderOptions { Limit = 8 });
        using TransformerChain<ITransformer> model = ML.Transforms.GroundingFeatures(SampleLlava.Directory, Words, "bird").Fit(birds);
        IDataView rows = ML.Data.Cache(model.Transform(birds), "Features", "GroundingMaps", "ImagePath");
        float[][] features = [.. rows.GetColumn<float[]>("Features")];
        for (int slot = 0; slot < features[0].Length; slot++)
        {
            Assert.AreEqual(0, features.Average(row => row[slot]), 1e-3);
        }

        float[][] maps = [.. rows.GetColumn<float[]>("GroundingMaps")];
        string[] paths = [.. rows.GetColumn<string>("ImagePath")];
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(model, ownsModel: false);
        CollectionAssert.AreEqual(maps[3], engine.Predict(paths[3]).Queries.SelectMany(query => query.Map.ToArray()).ToArray());
    }
}
