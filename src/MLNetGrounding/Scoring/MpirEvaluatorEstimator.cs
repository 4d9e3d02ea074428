using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>
/// Scores grounding maps on annotated key points: the paper's mPIR, row by row and query by query
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 4.2, equation 5).
/// </summary>
public sealed class MpirEvaluatorEstimator : RowMapEstimator<MpirEvaluatorTransformer>
{
    private readonly MpirEvaluatorOptions _options;

    internal MpirEvaluatorEstimator(IHostEnvironment environment, MpirEvaluatorOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs => MpirEvaluatorTransformer.InputsOf(_options);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        [
            ColumnAnnotations.VectorShape(_options.HitColumnName, withQueries: true),
            ColumnAnnotations.VectorShape(_options.AreaColumnName, withQueries: true),
            ColumnAnnotations.VectorShape(_options.MpirColumnName, withQueries: true),
        ];

    private protected override MpirEvaluatorTransformer CreateTransformer(IDataView input) =>
        MpirEvaluatorTransformer.Fit(Environment, _options, input.Schema);
}
