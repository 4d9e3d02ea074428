using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;
using Microsoft.ML.Transforms;

namespace ClassifyBirds;

/// <summary>A stock trainer on features.</summary>
/// <remarks>One thread each, so that the same seed gives the same classifier.</remarks>
internal sealed class SpeciesClassifier(MLContext context, int seed)
{
    public const string Sdca = "SDCA";
    public const string LightGbm = "LightGBM";

    public static readonly IReadOnlyList<string> Trainers = [Sdca, LightGbm];

    public ITransformer Train(string trainer, IDataView train) =>
        context
            .Transforms.Conversion.MapValueToKey(
                "Label",
                nameof(FeatureVector.Species),
                keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue
            )
            .Append(context.Transforms.NormalizeMeanVariance(nameof(FeatureVector.Features), fixZero: false))
            .Append(TrainerOf(trainer))
            .Fit(train);

    public Classification Classify(ITransformer model, IDataView test)
    {
        IDataView scored = model.Transform(test);
        VBuffer<ReadOnlyMemory<char>> classes = default;
        scored.Schema["Label"].GetKeyValues(ref classes);
        return new Classification(
            [.. classes.DenseValues().Select(name => name.ToString())],
            [.. context.Data.CreateEnumerable<ClassifiedRow>(scored, reuseRowObject: false)]
        );
    }

    /// <summary>The settings are the same for all features, and not tuned.</summary>
    private IEstimator<ITransformer> TrainerOf(string trainer) =>
        trainer == Sdca
            ? context.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                new SdcaMaximumEntropyMulticlassTrainer.Options
                {
                    L2Regularization = 1e-3f,
                    L1Regularization = 0,
                    MaximumNumberOfIterations = 50,
                    NumberOfThreads = 1,
                }
            )
            : context.MulticlassClassification.Trainers.LightGbm(
                new LightGbmMulticlassTrainer.Options
                {
                    NumberOfIterations = 60,
                    NumberOfLeaves = 8,
                    MinimumExampleCountPerLeaf = 5,
                    MaximumBinCountPerFeature = 63,
                    LearningRate = 0.1,
                    NumberOfThreads = 1,
                    Deterministic = true,
                    Seed = seed,
                }
            );
}
