using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>The hierarchical constraint and the sum over the layers (paper, section 3.2.2, equations 3 and 4).</summary>
public sealed record AggregationOptions
{
    /// <summary>How constrained maps become weights. Default <see cref="WeightNormalization.MinMax"/>.</summary>
    public WeightNormalization Normalization { get; init; } = WeightNormalization.MinMax;

    /// <summary>
    /// First layer, counted from 0, that contributes; earlier ones are skipped, which section 4.3.2 of the paper finds beneficial.
    /// Default 0: all layers.
    /// </summary>
    public int FirstLayer { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        OptionChecks.Defined(Normalization, nameof(Normalization));
        ArgumentOutOfRangeException.ThrowIfNegative(FirstLayer, nameof(FirstLayer));
    }
}
