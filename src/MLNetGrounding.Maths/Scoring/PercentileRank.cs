namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// Where the map's value at the key point ranks among those of the frame: the area under the curve of hits over area for one key point.
/// </summary>
internal static class PercentileRank
{
    /// <param name="map">Grounding map, <c>[cells]</c>.</param>
    /// <param name="frameFractions">Share of each cell inside the image, <c>[cells]</c>: what the cell counts.</param>
    /// <param name="points">The visible key points of the query; the best counts.</param>
    /// <returns>
    /// The share of the frame with smaller values plus half the share with the same value, from 0 to 1; 0.5 on average for a point drawn
    /// from the frame. A key point out of view ranks 0.
    /// </returns>
    public static double Best(ReadOnlySpan<float> map, ReadOnlySpan<float> frameFractions, ReadOnlySpan<VisibleKeyPoint> points)
    {
        float best = float.NegativeInfinity;
        foreach (VisibleKeyPoint point in points)
        {
            best = point.Cell == VisibleKeyPoint.OutOfView ? best : Math.Max(best, map[point.Cell]);
        }
        (double below, double same, double frame) = (0.0, 0.0, 0.0);
        for (int cell = 0; cell < map.Length; cell++)
        {
            frame += frameFractions[cell];
            below += map[cell] < best ? frameFractions[cell] : 0;
            same += map[cell] == best ? frameFractions[cell] : 0;
        }
        return frame > 0 ? (below + same / 2) / frame : 0;
    }
}
