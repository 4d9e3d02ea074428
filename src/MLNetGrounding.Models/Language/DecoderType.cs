namespace MLNetGrounding.Models.Language;

/// <summary>
/// What the decoders of one <c>model_type</c> have in common, and what Hugging Face's code takes where settings leave something out.
/// </summary>
internal sealed record DecoderType
{
    /// <summary>The value of <c>model_type</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Default width of hidden states.</summary>
    public int Width { get; init; } = 4096;

    /// <summary>Default number of layers.</summary>
    public int Layers { get; init; } = 32;

    /// <summary>Default number of attention heads.</summary>
    public int Heads { get; init; } = 32;

    /// <summary>Default of what is added to the mean square inside norms.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Default base of rotary positions.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>How axes of a position share the pairs of a head; <see langword="null"/> where positions have one axis.</summary>
    public RotaryAxes? Axes { get; init; }

    /// <summary>Default width of the feed-forward part.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>Default number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Default number of tokens in a context.</summary>
    public required int Context { get; init; }

    /// <summary>Default number of key/value heads; <see langword="null"/> for one a head.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Default width of a head; <see langword="null"/> for the width of hidden states divided among the heads.</summary>
    public int? HeadSize { get; init; }

    /// <summary>Default window that attention slides over, where settings do not name it at all.</summary>
    public int? Window { get; init; }

    /// <summary>The setting without which there is no window; <see langword="null"/> where the window alone counts.</summary>
    public string? WindowSwitch { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether queries and keys are normed head by head.</summary>
    public bool HeadNorms { get; init; }
}
