namespace MLNetGrounding.Maths;

/// <summary>Compares maps cell by cell.</summary>
internal static class MapContrasts
{
    /// <param name="contrast">How.</param>
    /// <param name="map">The query's map, <c>[cells]</c>, which becomes the result.</param>
    /// <param name="other">The map to compare with; may be empty for <see cref="MapContrast.None"/>.</param>
    public static void Apply(MapContrast contrast, Span<float> map, ReadOnlySpan<float> other)
    {
        if (contrast == MapContrast.None)
        {
            return;
        }
        Numbers.ThrowIfLengthIsNot(map.Length, other.Length, "as many as the map", nameof(other));
        for (var cell = 0; cell < map.Length; cell++)
        {
            map[cell] = contrast == MapContrast.DividedByNeutral ? Ratio(map[cell], other[cell]) : Math.Max(0, map[cell] - other[cell]);
        }
    }

    /// <summary>
    /// The ratio of two attention weights. Weights are positive but may be too small for float32: then nothing divided by nothing is
    /// nothing, and no ratio is infinite.
    /// </summary>
    private static float Ratio(float attention, float neutral) =>
        attention == 0 ? 0 : Math.Min(attention / neutral, float.MaxValue);
}
