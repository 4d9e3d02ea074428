using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Maps;

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
        if (contrast == MapContrast.DividedByNeutral)
        {
            Divide(map, other);
            return;
        }
        for (int cell = 0; cell < map.Length; cell++)
        {
            map[cell] = Math.Max(0, map[cell] - other[cell]);
        }
    }

    /// <summary>
    /// Divides cell by cell. What a neutral map has too little of to show beside its largest value counts as the least that does, so that
    /// cells where it is zero do not outshine all others; a neutral map of zeros divides nothing.
    /// </summary>
    private static void Divide(Span<float> map, ReadOnlySpan<float> neutral)
    {
        const float Precision = 1f / (1 << 24);
        float least = Softmax.Maximum(neutral) * Precision;
        for (int cell = 0; least > 0 && cell < map.Length; cell++)
        {
            map[cell] = Math.Min(map[cell] / Math.Max(neutral[cell], least), float.MaxValue);
        }
    }
}
