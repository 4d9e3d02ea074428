using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// How head selection learns from rows which heads to keep: in each sample, one query of one row, some heads are selected, and the heads
/// selected most often are kept.
/// </summary>
/// <remarks>
/// The heads are shared by all queries, as in the work that chooses heads this way: a query of its own would learn from its own samples
/// alone, and the transformer would serve no query that it was not fitted with. Equally frequent heads are taken from the first layer on.
/// </remarks>
public sealed record HeadFittingOptions
{
    /// <summary>What selects heads in a sample. Default <see cref="HeadCriterion.SelectionFrequency"/>.</summary>
    public HeadCriterion Criterion { get; init; } = HeadCriterion.SelectionFrequency;

    /// <summary>
    /// Number of heads to keep; fewer where fewer are ever selected. At least 1; default 3, which Kang et al. (CVPR 2025) find sufficient.
    /// </summary>
    public int Heads { get; init; } = 3;

    /// <summary>
    /// The largest number of rows to learn from, the first ones; later rows are not read. At least 1; default 1,000, as Kang et al. take.
    /// <see langword="null"/>: all rows.
    /// </summary>
    public int? MaximumRows { get; init; } = 1000;

    /// <summary>The settings of <see cref="HeadCriterion.SpatialEntropy"/>; of no effect otherwise.</summary>
    public LocalizationHeadOptions Localization { get; init; } = new();

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        OptionChecks.Defined(Criterion, nameof(Criterion));
        ArgumentOutOfRangeException.ThrowIfLessThan(Heads, 1, nameof(Heads));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumRows ?? 1, 1, nameof(MaximumRows));
        ArgumentNullException.ThrowIfNull(Localization, nameof(Localization));
        Localization.Validate();
    }
}
