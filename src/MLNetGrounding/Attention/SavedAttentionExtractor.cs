using MLNetGrounding.Saving;

namespace MLNetGrounding.Attention;

/// <summary>The settings of a saved <see cref="AttentionExtractorTransformer"/>.</summary>
internal sealed record SavedAttentionExtractor
{
    public required SavedCapture Capture { get; init; }

    /// <summary>The columns; model and queries are in <see cref="Capture"/>.</summary>
    public required AttentionExtractorOptions Columns { get; init; }

    public AttentionExtractorTransformer Create(SavedModelOrigin origin)
    {
        AttentionExtractorOptions options = Columns.CheckedCopy(Capture, Capture.ToOptions());
        return new AttentionExtractorTransformer(
            origin.Environment,
            options,
            new ModelSource(Capture.Checkpoint, origin),
            Capture.ToPrompt()
        );
    }
}
