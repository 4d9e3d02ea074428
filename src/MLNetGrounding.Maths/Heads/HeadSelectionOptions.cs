using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Head selection and aggregation ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1): which heads of a layer
/// look at one compact place, and how they become one map. A head is kept if it passes both the entropy and the compactness threshold; both
/// thresholds are inclusive.
/// </summary>
public sealed record HeadSelectionOptions
{
    /// <summary>
    /// Limit for a head's entropy (paper, section 3.1.1, equation 1), normalized by the logarithm of the number of cells, so between 0 (one
    /// cell) and 1 (uniform). Default 0.8.
    /// </summary>
    public double EntropyThreshold { get; init; } = 0.8;

    /// <summary>Which side of <see cref="EntropyThreshold"/> is kept. Default <see cref="EntropyDirection.KeepLow"/>.</summary>
    public EntropyDirection EntropyDirection { get; init; } = EntropyDirection.KeepLow;

    /// <summary>A cell is active if its scaled value is at least this, between 0 and 1. Default 0.05.</summary>
    public double ActiveThreshold { get; init; } = 0.05;

    /// <summary>How a map is scaled before <see cref="ActiveThreshold"/> applies. Default <see cref="ActiveScaling.MinMax"/>.</summary>
    public ActiveScaling ActiveScaling { get; init; } = ActiveScaling.MinMax;

    /// <summary>
    /// Least compactness of a kept head (paper, section 3.1.2): cells of its largest connected component divided by active cells, between 0
    /// and 1. Default 0.5.
    /// </summary>
    public double CompactnessThreshold { get; init; } = 0.5;

    /// <summary>Which neighbors join a component. Default <see cref="Connectivity.Four"/>.</summary>
    public Connectivity Connectivity { get; init; } = Connectivity.Four;

    /// <summary>How much of a kept head's map is used. Default <see cref="KeptArea.WholeMap"/>.</summary>
    public KeptArea KeptArea { get; init; } = KeptArea.WholeMap;

    /// <summary>How kept heads become one layer map. Default <see cref="HeadAggregation.Maximum"/>.</summary>
    public HeadAggregation HeadAggregation { get; init; } = HeadAggregation.Maximum;

    /// <summary>
    /// Number of heads that <see cref="HeadAggregation.MostCompact"/> aggregates at most; of no effect otherwise. At least 1; default 3.
    /// </summary>
    public int TopHeads { get; init; } = 3;

    /// <summary>How each kept head is scaled before aggregation. Default <see cref="HeadScaling.None"/>.</summary>
    public HeadScaling HeadScaling { get; init; } = HeadScaling.None;

    /// <summary>What a layer without a kept head contributes. Default <see cref="EmptyLayer.Zero"/>.</summary>
    public EmptyLayer EmptyLayer { get; init; } = EmptyLayer.Zero;

    // More than rounding takes from, or adds to, an entropy that meets the threshold: k of k^2 cells that share the mass have exactly 0.5.
    private const double EntropyRounding = 1e-11;

    /// <summary>Whether an entropy lies on the side of <see cref="EntropyThreshold"/> that is kept, or meets it but for rounding.</summary>
    internal bool EntropyPasses(double entropy) =>
        EntropyDirection == EntropyDirection.KeepLow
            ? entropy <= EntropyThreshold + EntropyRounding
            : entropy >= EntropyThreshold - EntropyRounding;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        OptionChecks.Share(EntropyThreshold, nameof(EntropyThreshold));
        OptionChecks.Defined(EntropyDirection, nameof(EntropyDirection));
        OptionChecks.Share(ActiveThreshold, nameof(ActiveThreshold));
        OptionChecks.Defined(ActiveScaling, nameof(ActiveScaling));
        OptionChecks.Share(CompactnessThreshold, nameof(CompactnessThreshold));
        OptionChecks.Defined(Connectivity, nameof(Connectivity));
        OptionChecks.Defined(KeptArea, nameof(KeptArea));
        OptionChecks.Defined(HeadAggregation, nameof(HeadAggregation));
        ArgumentOutOfRangeException.ThrowIfLessThan(TopHeads, 1, nameof(TopHeads));
        OptionChecks.Defined(HeadScaling, nameof(HeadScaling));
        OptionChecks.Defined(EmptyLayer, nameof(EmptyLayer));
    }
}
