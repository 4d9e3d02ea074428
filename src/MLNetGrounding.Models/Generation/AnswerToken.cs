namespace MLNetGrounding;

/// <summary>A token of an answer.</summary>
public sealed record AnswerToken
{
    /// <summary>Its id.</summary>
    public required int Id { get; init; }

    /// <summary>
    /// The text that became complete with it; empty where it only begins a character, or is a special token that is left out.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>
    /// The natural logarithm of the probability that the model gave it among all tokens, before logits processors and sampling.
    /// </summary>
    public required double LogProbability { get; init; }

    /// <summary>
    /// Where the model looked, <c>[gridHeight, gridWidth]</c>: the mean over layers and heads. Empty unless
    /// <see cref="AnswerOptions.Maps"/>.
    /// </summary>
    public IReadOnlyList<float> Map { get; init; } = [];

    /// <summary>
    /// Where visual tokens would say it, <c>[gridHeight, gridWidth]</c>, from 0 to 1: its token activation map. Empty unless
    /// <see cref="AnswerOptions.ActivationMaps"/>, and while the answer goes on.
    /// </summary>
    public IReadOnlyList<float> ActivationMap { get; init; } = [];

    /// <summary>Per observer of <see cref="AnswerOptions.Observers"/>, what it made of the token.</summary>
    public IReadOnlyList<IReadOnlyList<float>> Observations { get; init; } = [];
}
