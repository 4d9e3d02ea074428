namespace MLNetGrounding;

/// <summary>
/// How token activation maps of answers are made (Li et al., "Token Activation Map to Visually Explain Multimodal LLMs", ICCV 2025).
/// </summary>
public sealed record TokenActivationOptions
{
    /// <summary>The filter of each map; <see langword="null"/>: none. Default: the publication's.</summary>
    public RankGaussianFilter? Filter { get; init; } = new();

    /// <summary>
    /// Whether the first token of an answer is explained as the last token of the prompt, as the released code does, instead of as itself.
    /// For comparisons with numbers that were made by it. Default <see langword="false"/>.
    /// </summary>
    public bool FirstTokenAsReleased { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate() => Filter?.Validate();
}
