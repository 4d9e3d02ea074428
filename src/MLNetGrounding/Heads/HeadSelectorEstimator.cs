using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.Heads;

namespace MLNetGrounding;

/// <summary>
/// Keeps the attention heads that look at one compact place and joins those of each layer into one map, query by query
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1).
/// </summary>
public sealed class HeadSelectorEstimator : RowMapEstimator<HeadSelectorTransformer>
{
    private readonly HeadSelectorOptions _options;

    internal HeadSelectorEstimator(IHostEnvironment environment, HeadSelectorOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs =>
        _options.CoarseAttentionColumnName is null
            ? [HeadSelectorTransformer.FineInput(_options)]
            : [HeadSelectorTransformer.FineInput(_options), HeadSelectorTransformer.CoarseInput(_options)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        HeadSelectorTransformer
            .OutputNames(_options)
            .Select(output => ColumnAnnotations.VectorShape(output.Name, withQueries: output.Kind != HeadSelectorOutput.CoarseLayerMaps));

    private protected override HeadSelectorTransformer CreateTransformer(IDataView input) =>
        new(
            Environment,
            _options.Fitting is { } fitting ? _options.WithLearned(new HeadFitter(Environment, _options, fitting).Fit(input)) : _options
        );
}
