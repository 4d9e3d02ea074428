using Microsoft.ML;

namespace WebService;

/// <summary>A chain up to maps on the sample model, made without the service.</summary>
internal sealed class TransformerOfTheSample(IReadOnlyList<string> words)
{
    public ITransformer? Fitted { get; private set; }

    public DataViewSchema? Schema { get; private set; }

    public static IDataView NoRows(MLContext context) => context.Data.LoadFromEnumerable(Array.Empty<GroundingInput>());

    public ITransformer Fit(MLContext context)
    {
        IDataView rows = NoRows(context);
        Schema = rows.Schema;
        return Fitted = context
            .Transforms.ExtractAttention(SampleLlava.Directory, words, "bird")
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Fit(rows);
    }
}
