namespace MLNetGrounding.Maths.Scoring;

/// <summary>Where the mass of a map lies.</summary>
internal static class MapMass
{
    /// <summary>
    /// The share of the map's mass inside a place. Values below 0, which methods that subtract maps have, are no mass; a map without mass
    /// has nothing inside.
    /// </summary>
    /// <param name="map">Grounding map, <c>[cells]</c>.</param>
    /// <param name="fractions">Share of each cell that belongs to the place, <c>[cells]</c>.</param>
    public static double Inside(ReadOnlySpan<float> map, ReadOnlySpan<float> fractions)
    {
        (double inside, double all) = (0.0, 0.0);
        for (int cell = 0; cell < map.Length; cell++)
        {
            double mass = Math.Max(0, map[cell]);
            all += mass;
            inside += mass * fractions[cell];
        }
        return all > 0 ? inside / all : 0;
    }
}
