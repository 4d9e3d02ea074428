using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;
using Microsoft.ML.Transforms;
using MLNetGrounding;
using MLNetGrounding.Maths;

namespace ClassifyBirds;

/// <summary>Features, and a stock trainer on them.</summary>
/// <remarks>One thread each, so that the same seed gives the same classifier.</remarks>
internal sealed class SpeciesClassifier(MLContext context, ClassifyBirdsSettings settings, BirdData data)
{
    public const string Sdca = "SDCA";
    public const string LightGbm = "LightGBM";

    public static readonly IReadOnlyList<string> Trainers = [Sdca, LightGbm];

    /// <summary>The features of the train or test rows.</summary>
    public IDataView Featurize(FeatureSet set, bool train)
    {
        Func<int, float[]> maps = train ? set.TrainMaps : set.TestMaps;
        FeatureRow[] rows =
        [
            .. Enumerable.Range(0, data.Rows.Count)
                .Where(row => data.Rows[row].IsTrain == train)
                .Select(row => new FeatureRow { Species = data.Rows[row].Species, Maps = maps(row), PatchFeatures = data.Rows[row].PatchFeatures }),
        ];
        var definition = SchemaDefinition.Create(typeof(FeatureRow));
        definition[nameof(FeatureRow.Maps)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, set.Queries.Count, data.Grid, data.Grid);
        definition[nameof(FeatureRow.PatchFeatures)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, data.Grid * data.Grid, data.Length);
        IDataView view = context.Data.LoadFromEnumerable(rows, definition);
        var featurizer = context.Transforms
            .FeaturizeGrounding(new GroundingFeaturizerOptions
            {
                GroundingFeaturesColumnName = nameof(FeatureVector.Features),
                GroundingMapsColumnName = nameof(FeatureRow.Maps),
                QueryNames = set.Queries,
                Pooling = new PoolingOptions { Weights = settings.Pooling, RegionThreshold = settings.Threshold },
            })
            .Append(context.Transforms.SelectColumns(nameof(FeatureVector.Species), nameof(FeatureVector.Features)));
        return context.Data.Cache(featurizer.Fit(view).Transform(view));
    }

    public ITransformer Train(string trainer, IDataView train) => context.Transforms.Conversion
        .MapValueToKey("Label", nameof(FeatureVector.Species), keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
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
            [.. context.Data.CreateEnumerable<ClassifiedRow>(scored, reuseRowObject: false)]);
    }

    /// <summary>The settings are the same for all features, and not tuned.</summary>
    private IEstimator<ITransformer> TrainerOf(string trainer) => trainer == Sdca
        ? context.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            L2Regularization = 1e-3f,
            L1Regularization = 0,
            MaximumNumberOfIterations = 50,
            NumberOfThreads = 1,
        })
        : context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            NumberOfIterations = 60,
            NumberOfLeaves = 8,
            MinimumExampleCountPerLeaf = 5,
            MaximumBinCountPerFeature = 63,
            LearningRate = 0.1,
            NumberOfThreads = 1,
            Deterministic = true,
            Seed = settings.Seed,
        });
}
