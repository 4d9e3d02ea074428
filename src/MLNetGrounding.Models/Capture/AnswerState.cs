namespace MLNetGrounding.Models.Capture;

/// <summary>An image and its questions as the model has read them: what answers go on from.</summary>
internal sealed class AnswerState : IDisposable
{
    /// <summary>The questions' own tokens and what was captured while they were read.</summary>
    public required AttentionCapture Capture { get; init; }

    /// <summary>What the tokens of answers look back at.</summary>
    public required KeyValueCache Cache { get; init; }

    /// <summary>Where the tokens of the image are, and what they show.</summary>
    public required PackedSequence Sequence { get; init; }

    /// <summary>The tokens of the prompt before each question's own, the image's included.</summary>
    public required IReadOnlyList<int> PrefixTokenIds { get; init; }

    /// <summary>For each query the position of its answer's first token.</summary>
    public required IReadOnlyList<int> NextPositions { get; init; }

    /// <summary>For each query the logits of its answer's first token, <c>[vocabulary]</c>.</summary>
    public required IReadOnlyList<float[]> Logits { get; init; }

    /// <summary>Which scores are raised, or <see langword="null"/>.</summary>
    public AmplifiedTokens? Amplified { get; init; }

    public void Dispose() => Cache.Dispose();
}
