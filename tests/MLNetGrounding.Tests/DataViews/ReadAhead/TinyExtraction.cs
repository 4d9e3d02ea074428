using Microsoft.ML;
using MLNetGrounding.Testing;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Attention extraction on the tiny golden checkpoint, asked by token ids.</summary>
internal static class TinyExtraction
{
    public const int Grid = 4;

    public static string[] QueryNames => [.. Golden.Prompt.FineQueries.Select(query => $"q{query}")];

    private static GoldenData Golden => GoldenData.TinyA;

    public static AttentionExtractorOptions Options(int readAhead, params ILayerObserver[] observers) =>
        new()
        {
            ModelDirectory = Golden.Checkpoint,
            Queries =
            [
                .. Golden.Prompt.Suffixes.Select(
                    (tokens, query) =>
                        new AttentionQuery
                        {
                            Name = $"q{query}",
                            Role = query == Golden.Prompt.CoarseQuery ? QueryRole.Coarse : QueryRole.Fine,
                            TokenIds = tokens,
                            TokenPositions = [Golden.Prompt.TargetInSuffix[query]],
                        }
                ),
            ],
            Capture = new CaptureOptions { PrefixTokenIds = Golden.Prompt.Prefix, Observers = observers },
            ReadAhead = readAhead,
        };

    /// <summary>The view with the extractor's columns.</summary>
    public static IDataView Extract(MLContext context, IDataView pictures, AttentionExtractorOptions options) =>
        context.Transforms.ExtractAttention(options).Fit(pictures).Transform(pictures);

    /// <summary>The whole chain up to the grounding maps.</summary>
    public static IDataView Ground(MLContext context, IDataView pictures, int readAhead) =>
        context
            .Transforms.ExtractAttention(Options(readAhead))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Fit(pictures)
            .Transform(pictures);
}
