namespace MLNetGrounding;

/// <summary>A word and where the model looked for it.</summary>
/// <param name="Text">The word.</param>
/// <param name="Start">Where it begins in its sentence.</param>
/// <param name="Map">The map, <c>[gridHeight, gridWidth]</c>; NaN where it could not be computed.</param>
public sealed record GroundedWord(string Text, int Start, ReadOnlyMemory<float> Map)
{
    /// <summary>
    /// The natural logarithm of the probability of the word's tokens, each after those before it. Default NaN: not known.
    /// </summary>
    public double LogProbability { get; init; } = double.NaN;
}
