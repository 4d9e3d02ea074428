using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace ClassifyBirds;

/// <summary>
/// The features that the maps of a set make of all rows: a few numbers of each image, where its patch features are millions.
/// </summary>
internal sealed class PooledFeatures
{
    private readonly BirdData _data;
    private readonly FeatureVector[] _vectors;
    private readonly SchemaDefinition _definition = SchemaDefinition.Create(typeof(FeatureVector));

    private PooledFeatures(BirdData data, FeatureVector[] vectors, DataViewSchema.Column features)
    {
        _data = data;
        _vectors = vectors;
        const string kind = "SlotNames";
        VBuffer<ReadOnlyMemory<char>> names = default;
        features.GetSlotNames(ref names);
        SchemaDefinition.Column column = _definition[nameof(FeatureVector.Features)];
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, names.Length);
        column.AddAnnotation(kind, names, features.Annotations.Schema[kind].Type);
    }

    /// <summary>Reads the patch features once, row by row.</summary>
    public static PooledFeatures Of(BirdData data, FeatureSet set, PoolingOptions pooling)
    {
        var context = new MLContext();
        IEnumerable<FeatureRow> rows = data.ReadPatchFeatures(context)
            .Select(
                (features, row) =>
                    new FeatureRow
                    {
                        Species = data.Rows[row].Species,
                        Maps = data.Rows[row].IsTrain ? set.TrainMaps(row) : set.TestMaps(row),
                        PatchFeatures = features,
                    }
            );
        var definition = SchemaDefinition.Create(typeof(FeatureRow));
        definition[nameof(FeatureRow.Maps)].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            set.Queries.Count,
            data.Grid.Height,
            data.Grid.Width
        );
        definition[nameof(FeatureRow.PatchFeatures)].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            data.Grid.Height,
            data.Grid.Width,
            data.Length
        );
        IDataView view = context.Data.LoadFromEnumerable(rows, definition);
        IDataView featurized = context
            .Transforms.FeaturizeGrounding(
                new GroundingFeaturizerOptions
                {
                    GroundingFeaturesColumnName = nameof(FeatureVector.Features),
                    GroundingMapsColumnName = nameof(FeatureRow.Maps),
                    QueryNames = set.Queries,
                    Pooling = pooling,
                }
            )
            .Fit(view)
            .Transform(view);
        return new PooledFeatures(
            data,
            [.. context.Data.CreateEnumerable<FeatureVector>(featurized, reuseRowObject: false)],
            featurized.Schema[nameof(FeatureVector.Features)]
        );
    }

    /// <summary>The train or test rows.</summary>
    public IDataView View(MLContext context, bool train) =>
        context.Data.Cache(
            context.Data.LoadFromEnumerable(_vectors.Where((_, row) => _data.Rows[row].IsTrain == train).ToArray(), _definition)
        );
}
