using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Language;

/// <summary>A causal decoder of today's kind: pre-norm layers with rotary positions, grouped heads and a gated feed-forward part.</summary>
internal sealed record DecoderSettings
{
    /// <summary>The architecture's name: <c>model_type</c> of the decoder's settings.</summary>
    public required string Type { get; init; }

    /// <summary>Width of hidden states.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key/value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head; heads together need not be as wide as hidden states.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Added to the mean square inside norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Rotary positions.</summary>
    public required RotarySettings Rotary { get; init; }

    /// <summary>
    /// The most tokens that the decoder was made for: its context, or the window that its attention slides over where that is shorter.
    /// </summary>
    public required int LongestPrompt { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether queries and keys are normed, head by head, before they are rotated.</summary>
    public bool HeadNorms { get; init; }

    /// <summary>
    /// Whether the output layer shares the embedding's weights, as settings state it; <see langword="null"/> where they do not, or
    /// contradict each other. An output layer that is stored is used in any case.
    /// </summary>
    public bool? TieWordEmbeddings { get; init; }

    /// <summary>Factor of query-key products.</summary>
    public double AttentionScale => 1 / Math.Sqrt(HeadSize);
}
