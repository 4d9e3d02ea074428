using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>
/// Finds where the coarse word's attention comes from over all layers, and sums the fine words' layer maps with weights from there
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1.2, equations 2 to 4).
/// </summary>
public sealed class RolloutMaskerEstimator : RowMapEstimator<RolloutMaskerTransformer>
{
    private readonly RolloutMaskerOptions _options;

    internal RolloutMaskerEstimator(IHostEnvironment environment, RolloutMaskerOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs => RolloutMaskerTransformer.InputsOf(_options);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        [
            ColumnAnnotations.VectorShape(_options.CoarseMaskColumnName, withQueries: false),
            ColumnAnnotations.VectorShape(_options.GroundingMapsColumnName, withQueries: true),
        ];

    private protected override RolloutMaskerTransformer CreateTransformer(IDataView input) => new(Environment, _options);
}
