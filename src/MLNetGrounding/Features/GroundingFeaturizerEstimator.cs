using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>
/// Pools patch features by each query's grounding map: the features of the place that the model looks at when it is asked about a part, as
/// a vector for trainers.
/// </summary>
public sealed class GroundingFeaturizerEstimator : RowMapEstimator<GroundingFeaturizerTransformer>
{
    private readonly GroundingFeaturizerOptions _options;

    internal GroundingFeaturizerEstimator(IHostEnvironment environment, GroundingFeaturizerOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs =>
        [GroundingFeaturizerTransformer.MapsInput(_options), GroundingFeaturizerTransformer.FeaturesInput(_options)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        [ColumnAnnotations.VectorShape(_options.GroundingFeaturesColumnName, withQueries: true)];

    private protected override GroundingFeaturizerTransformer CreateTransformer(IDataView input) => new(Environment, _options);
}
