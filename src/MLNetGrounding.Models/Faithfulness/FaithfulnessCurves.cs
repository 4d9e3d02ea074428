namespace MLNetGrounding;

/// <summary>
/// How much an answer rests on the pixels that a map ranks first: the answer's score while they are shown one step after the other, and
/// while they are hidden. The score is the mean probability of the answer's tokens, each after the stored ones before it, not normalized.
/// </summary>
public sealed record FaithfulnessCurves
{
    /// <summary>The share of the image's pixels after each step, from 0 to 1, <c>[points]</c>.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>The score while the first pixels alone are shown, <c>[points]</c>; the last one is that of the whole image.</summary>
    public required IReadOnlyList<double> Insertion { get; init; }

    /// <summary>The score while the first pixels are hidden, <c>[points]</c>; the first one is that of the whole image.</summary>
    public required IReadOnlyList<double> Deletion { get; init; }

    /// <summary>The area under <see cref="Insertion"/> by trapezoids; the larger, the more faithful the map.</summary>
    public required double InsertionArea { get; init; }

    /// <summary>The area under <see cref="Deletion"/>; the smaller, the more faithful the map.</summary>
    public required double DeletionArea { get; init; }

    /// <summary>The largest score of <see cref="Insertion"/>.</summary>
    public double HighestInsertion => Insertion.Max();

    /// <summary>What was done, in words: <see cref="FaithfulnessOptions.ToString"/>.</summary>
    public required string Settings { get; init; }
}
