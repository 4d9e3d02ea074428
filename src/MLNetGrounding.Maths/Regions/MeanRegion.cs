using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// The cells above the map's mean, and the box around all of them: how LocalizationHeads makes a box
/// (Kang et al., CVPR 2025, released code of August 2025).
/// </summary>
public sealed record MeanRegion : RegionRule
{
    /// <inheritdoc/>
    public override string Name => "mean";

    private protected override int MarkCells(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> region)
    {
        double mean = Numbers.Sum(map) / map.Length;
        int count = 0;
        for (int cell = 0; cell < map.Length; cell++)
        {
            region[cell] = map[cell] > mean;
            count += region[cell] ? 1 : 0;
        }
        return count;
    }
}
