namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// Hits of a region of given size: the cells of largest value until they cover a share of the frame. Unlike a threshold's, its size cannot
/// be tuned, so methods whose maps are scaled differently compare.
/// </summary>
internal static class FixedArea
{
    /// <summary>What cells' shares of the frame, which are floats, may lack to reach an area that they make up exactly.</summary>
    private const double Rounding = 1e-6;

    /// <param name="order">Cells by value from <see cref="CellOrder"/>; none for a constant map, which is a miss of no area.</param>
    /// <param name="frameFractions">Share of each cell inside the image, <c>[cells]</c>.</param>
    /// <param name="points">The visible key points of the query; one suffices.</param>
    /// <param name="share">The share of the frame to reach, above 0 and at most 1.</param>
    /// <returns>
    /// The score of the shortest run of <paramref name="order"/> whose area reaches <paramref name="share"/>; its area is the share
    /// attained, larger than the one asked for by less than a cell.
    /// </returns>
    public static RegionScore Score(
        ReadOnlySpan<int> order,
        ReadOnlySpan<float> frameFractions,
        ReadOnlySpan<VisibleKeyPoint> points,
        double share
    )
    {
        var frame = Sum(frameFractions);
        var (area, hit) = (0.0, false);
        foreach (var cell in order[..Count(order, frameFractions, share)])
        {
            area += frameFractions[cell];
            foreach (var point in points)
            {
                hit |= point.Cell == cell;
            }
        }
        return RegionScore.Of(hit, frame > 0 ? area / frame : 0);
    }

    /// <summary>The length of the shortest run of cells whose area reaches a share of the frame.</summary>
    /// <param name="order">Cells by value from <see cref="CellOrder"/>.</param>
    /// <param name="frameFractions">Share of each cell inside the image, <c>[cells]</c>.</param>
    /// <param name="share">The share of the frame to reach, above 0 and at most 1.</param>
    public static int Count(ReadOnlySpan<int> order, ReadOnlySpan<float> frameFractions, double share)
    {
        var frame = Sum(frameFractions);
        var (area, count) = (0.0, 0);
        while (count < order.Length && !(area / frame >= share - Rounding))
        {
            area += frameFractions[order[count++]];
        }
        return count;
    }

    private static double Sum(ReadOnlySpan<float> fractions)
    {
        var sum = 0.0;
        foreach (var fraction in fractions)
        {
            sum += fraction;
        }
        return sum;
    }
}
