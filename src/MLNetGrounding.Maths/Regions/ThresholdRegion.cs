using System.Globalization;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding;

/// <summary>
/// The cells whose value, scaled to 0..1 between the map's minimum and maximum, is at least a threshold: the paper's region, 0.05.
/// </summary>
public sealed record ThresholdRegion : RegionRule
{
    /// <summary>Between 0 and 1, inclusive. Default 0.05.</summary>
    public double Threshold { get; init; } = Region.DefaultThreshold;

    /// <inheritdoc/>
    public override string Name => Threshold.ToString(CultureInfo.InvariantCulture);

    internal override void Validate() => OptionChecks.Share(Threshold, nameof(Threshold));

    private protected override int MarkCells(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> region) =>
        Region.Threshold(map, Threshold, region);
}
