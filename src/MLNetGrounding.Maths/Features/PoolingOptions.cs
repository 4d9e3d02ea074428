using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding;

/// <summary>How patch features are pooled by a grounding map.</summary>
public sealed record PoolingOptions
{
    /// <summary>How much each cell counts. Default <see cref="PoolingWeights.MapMass"/>.</summary>
    public PoolingWeights Weights { get; init; } = PoolingWeights.MapMass;

    /// <summary>
    /// The predicted region is where the map, scaled from 0 to 1 between its minimum and its maximum, is at least this; between 0 and 1.
    /// Default 0.05, the threshold that scores use. Of no effect with <see cref="PoolingWeights.MapMass"/>.
    /// </summary>
    public double RegionThreshold { get; init; } = Region.DefaultThreshold;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        OptionChecks.Defined(Weights, nameof(Weights));
        OptionChecks.Share(RegionThreshold, nameof(RegionThreshold));
    }
}
