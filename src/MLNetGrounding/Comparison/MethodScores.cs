namespace MLNetGrounding;

/// <summary>The scores of one method or baseline.</summary>
/// <param name="Name">The name, e.g. <c>Paper</c>, <c>Paper.Swapped</c> or <c>GroundTruthBox</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Description">One sentence for reports; empty for a method.</param>
/// <param name="ChosenThreshold">The threshold that was chosen for it on other rows, or <see langword="null"/>.</param>
/// <param name="Attributes">The attributes in the order of the queries.</param>
/// <param name="Mean">The mean over the attributes, each counting the same as in the paper's table 1; its count is the sum.</param>
public sealed record MethodScores(
    string Name,
    MethodKind Kind,
    string Description,
    double? ChosenThreshold,
    IReadOnlyList<AttributeScores> Attributes,
    AttributeScores Mean
)
{
    /// <summary>
    /// The method whose maps were scored on other parts, where this is <see cref="MethodKind.SwappedQuery"/>; else <see langword="null"/>.
    /// </summary>
    public string? MapsOf { get; init; }

    /// <summary>
    /// <see cref="Mean"/> less that of the first method, <see cref="MethodEvaluation.Reference"/>: with intervals of the differences, which
    /// are narrower than the scores' own because both are resampled together. <see langword="null"/> for the first method itself.
    /// </summary>
    public AttributeScores? MeanMinusReference { get; init; }
}
