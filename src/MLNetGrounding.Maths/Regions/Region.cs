namespace MLNetGrounding.Maths;

/// <summary>The predicted region of a grounding map.</summary>
internal static class Region
{
    /// <summary>Marks the cells whose value, scaled to 0..1 between the map's minimum and maximum, is at least the threshold.</summary>
    /// <param name="map">Grounding map, <c>[cells]</c>.</param>
    /// <param name="threshold">Between 0 and 1, inclusive.</param>
    /// <param name="region">Receives the region, <c>[cells]</c>; empty for a constant map.</param>
    /// <returns>Number of cells in the region.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="map"/> is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    public static int Threshold(ReadOnlySpan<float> map, double threshold, Span<bool> region) => throw new NotImplementedException();
}
