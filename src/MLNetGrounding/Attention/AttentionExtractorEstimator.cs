using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>
/// Runs images through a vision-language model and extracts where its attention goes when it is asked about fine details: the first
/// step of grounding ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3).
/// </summary>
public sealed class AttentionExtractorEstimator : RowMapEstimator<AttentionExtractorTransformer>
{
    private readonly AttentionExtractorOptions _options;

    internal AttentionExtractorEstimator(IHostEnvironment environment, AttentionExtractorOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
        _options.CheckModel();
    }

    private protected override IEnumerable<InputColumn> Inputs => [_options.ImageInput(AttentionExtractorTransformer.Name)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        AttentionExtractorTransformer
            .OutputNames(_options)
            .Select(output =>
                ColumnAnnotations.VectorShape(output.Name, withQueries: AttentionExtractorTransformer.HasQueryNames(output.Kind))
            );

    private protected override AttentionExtractorTransformer CreateTransformer(IDataView input) =>
        _options.WithModel(
            Environment,
            model =>
            {
                AttentionExtractorOptions options = _options.For(model.Info);
                return new AttentionExtractorTransformer(
                    Environment,
                    options,
                    new ModelSource(model),
                    model.Prepare(options.AllQueries(), options.Asked(options.Captured, model))
                );
            }
        );
}
