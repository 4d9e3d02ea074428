using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Features;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Pools patch features by each query's grounding map: the features of the place that the model looks at when it is asked about a part, as
/// a vector for trainers. Its slots are called after query and feature, <c>wheel.17</c>, where there are at most 10,000 of them.
/// </summary>
/// <remarks>
/// A map that prefers no cell, because it is zero or constant, weighs all cells equally: its query then has the image's mean features.
/// A row without patch features has NaN for all queries, a map that holds NaN, infinite or negative values for its own query.
/// </remarks>
public sealed class GroundingFeaturizerTransformer : RowMapTransformer
{
    private const string Name = "GroundingFeaturizer";

    private readonly GroundingFeaturizerOptions _options;

    internal GroundingFeaturizerTransformer(IHostEnvironment environment, GroundingFeaturizerOptions options)
        : base(environment, Saved) => _options = options;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<GroundingFeaturizerOptions>(
            Name,
            version: 1,
            (origin, settings) => new GroundingFeaturizerTransformer(origin.Environment, settings.CheckedCopy())
        );

    private protected override object SavedSettings => _options;

    internal static InputColumn MapsInput(GroundingFeaturizerOptions options) =>
        new(
            Name,
            nameof(options.GroundingMapsColumnName),
            options.GroundingMapsColumnName,
            NumberDataViewType.Single,
            ["queries", "gridHeight", "gridWidth"]
        );

    internal static InputColumn FeaturesInput(GroundingFeaturizerOptions options) =>
        new(
            Name,
            nameof(options.PatchFeaturesColumnName),
            options.PatchFeaturesColumnName,
            NumberDataViewType.Single,
            ["gridHeight", "gridWidth", "length"]
        );

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        InputColumn mapsInput = MapsInput(_options);
        DataViewSchema.Column maps = mapsInput.Find(inputSchema);
        int[] dimensions = mapsInput.DimensionsOf(maps, _options.GroundingMapDimensions, nameof(_options.GroundingMapDimensions));
        IReadOnlyList<string>? queries = ColumnAnnotations.QueryNames(mapsInput, maps, dimensions[0], _options.QueryNames);

        InputColumn featuresInput = FeaturesInput(_options);
        DataViewSchema.Column features = featuresInput.Find(inputSchema);
        var type = (VectorDataViewType)features.Type;
        int cells = dimensions[1] * dimensions[2];
        bool isFlat = type.Dimensions.Length == 1 && type.Size % cells == 0;
        int[] featureDimensions = isFlat ? [.. dimensions[1..], type.Size / cells] : featuresInput.DimensionsOf(features);
        featuresInput.RequireDimension(0, featureDimensions[0], dimensions[1], $"column '{maps.Name}'");
        featuresInput.RequireDimension(1, featureDimensions[1], dimensions[2], $"column '{maps.Name}'");
        return new Map(this, inputSchema, maps, features, dimensions, featureDimensions[2], queries);
    }

    private sealed class Map(
        GroundingFeaturizerTransformer owner,
        DataViewSchema inputSchema,
        DataViewSchema.Column maps,
        DataViewSchema.Column features,
        int[] dimensions,
        int length,
        IReadOnlyList<string>? queries
    )
        : RowMap(
            inputSchema,
            [
                ColumnAnnotations.Vector(
                    owner._options.GroundingFeaturesColumnName,
                    [dimensions[0], length],
                    ["query", "feature"],
                    queries,
                    slotName: (query, feature) => $"{query}.{feature}"
                ),
            ]
        )
    {
        public DataViewSchema.Column Maps => maps;

        public DataViewSchema.Column Features => features;

        public int Queries => dimensions[0];

        public int Cells => dimensions[1] * dimensions[2];

        public int Length => length;

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => [maps, features];

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner, this, row);
    }

    private sealed class Mapper : RowMapper
    {
        private readonly GroundingFeaturizerOptions _options;
        private readonly Map _map;
        private readonly FailedRows _failed;
        private readonly OncePerRow _step;
        private readonly float[] _pooled;
        private VectorInput? _maps;
        private VectorInput? _features;

        public Mapper(GroundingFeaturizerTransformer owner, Map map, DataViewRow row)
            : base(row)
        {
            _options = owner._options;
            _map = map;
            _failed = new FailedRows(owner.Host, Name, row);
            _step = Once(Pool);
            _pooled = new float[map.Queries * map.Length];
        }

        public override Delegate CreateGetter(int output)
        {
            _maps ??= new VectorInput(Row, _map.Maps);
            _features ??= new VectorInput(Row, _map.Features);
            return VectorGetter(_step, () => _pooled);
        }

        protected override void DisposeCore() => _failed.Dispose();

        private void Pool()
        {
            ReadOnlySpan<float> features = _features!.Read();
            ReadOnlySpan<float> maps = _maps!.Read();
            bool hasFeatures = _failed.IsUsable(features, _map.Features);
            for (int query = 0; query < _map.Queries; query++)
            {
                ReadOnlySpan<float> map = maps.IsEmpty ? [] : maps.Slice(query * _map.Cells, _map.Cells);
                Span<float> pooled = _pooled.AsSpan(query * _map.Length, _map.Length);
                if (hasFeatures && RowValues.AreWeights(map))
                {
                    FeaturePooling.Pool(features, map, _options.Pooling, pooled);
                    continue;
                }

                if (hasFeatures && !RowValues.AreMarked(map))
                {
                    _failed.Add($"'{_map.Maps.Name}' holds values that are no map: NaN, infinite or negative.");
                }

                pooled.Fill(float.NaN);
            }
        }
    }
}
