using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Regions;

/// <summary>The predicted region of a grounding map.</summary>
internal static class Region
{
    /// <summary>The threshold where none is stated.</summary>
    public const double DefaultThreshold = 0.05;

    /// <summary>Marks the cells whose value, scaled to 0..1 between the map's minimum and maximum, is at least the threshold.</summary>
    /// <param name="map">Grounding map, <c>[cells]</c>.</param>
    /// <param name="threshold">Between 0 and 1, inclusive.</param>
    /// <param name="region">Receives the region, <c>[cells]</c>; empty for a constant map.</param>
    /// <returns>Number of cells in the region.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="map"/> is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    public static int Threshold(ReadOnlySpan<float> map, double threshold, Span<bool> region)
    {
        Numbers.ThrowIfLengthIsNot(map.Length, region.Length, "as many as the map", nameof(region));
        OptionChecks.Share(threshold, nameof(threshold));
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        if (!(maximum > minimum))
        {
            region.Clear();
            return 0;
        }
        float smallest = ScaledThreshold.Smallest(minimum, maximum - minimum, threshold);
        int count = 0;
        for (int cell = 0; cell < map.Length; cell++)
        {
            region[cell] = map[cell] >= smallest;
            count += region[cell] ? 1 : 0;
        }
        return count;
    }
}
