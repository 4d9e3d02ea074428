using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// Hits of a region of given size: the cells of largest value until they cover a share of the frame. Unlike a threshold's, its size cannot
/// be tuned, so methods whose maps are scaled differently compare.
/// </summary>
internal static class FixedArea
{
    /// <summary>What cells' shares of the frame, which are floats, may lack to reach an area that they make up exactly.</summary>
    private const double Rounding = 1e-6;

    /// <summary>The number of orders that <see cref="Chance"/> draws; how many cells make up an area hardly varies.</summary>
    private const int Orders = 32;

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
        double frame = Sum(frameFractions);
        (double area, bool hit) = (0.0, false);
        foreach (int cell in order[..Count(order, frameFractions, share)])
        {
            area += frameFractions[cell];
            foreach (VisibleKeyPoint point in points)
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
        double frame = Sum(frameFractions);
        (double area, int count) = (0.0, 0);
        while (count < order.Length && !(area / frame >= share - Rounding))
        {
            area += frameFractions[order[count++]];
        }
        return count;
    }

    private static double Sum(ReadOnlySpan<float> fractions)
    {
        double sum = 0.0;
        foreach (float fraction in fractions)
        {
            sum += fraction;
        }
        return sum;
    }

    /// <summary>Whether <see cref="Score"/> is a hit, in one pass and without an order: for maps by the thousand.</summary>
    /// <param name="map">The map, <c>[cells]</c>; finite. A constant one is a miss.</param>
    /// <param name="frameFractions">Share of each cell inside the image, <c>[cells]</c>.</param>
    /// <param name="points">The visible key points of the query; one suffices.</param>
    /// <param name="share">The share of the frame to reach, above 0 and at most 1.</param>
    public static bool IsHit(
        ReadOnlySpan<float> map,
        ReadOnlySpan<float> frameFractions,
        ReadOnlySpan<VisibleKeyPoint> points,
        double share
    )
    {
        // The point that comes first in the order hits, or none does.
        int best = VisibleKeyPoint.OutOfView;
        foreach (VisibleKeyPoint point in points)
        {
            int cell = point.Cell;
            if (
                cell != VisibleKeyPoint.OutOfView
                && (best == VisibleKeyPoint.OutOfView || map[cell] > map[best] || (map[cell] == map[best] && cell < best))
            )
            {
                best = cell;
            }
        }
        if (best == VisibleKeyPoint.OutOfView || map.IndexOfAnyExcept(map[best]) < 0)
        {
            return false;
        }
        (double before, double frame, float value) = (0.0, 0.0, map[best]);
        for (int cell = 0; cell < map.Length; cell++)
        {
            frame += frameFractions[cell];
            before += map[cell] > value || (map[cell] == value && cell < best) ? frameFractions[cell] : 0;
        }
        return before / frame < share - Rounding;
    }

    /// <summary>
    /// How often a map hits that has its values in random order: chance for maps that keep no shape, with the area that whole cells attain.
    /// </summary>
    /// <param name="frameFractions">Share of each cell inside the image, <c>[cells]</c>.</param>
    /// <param name="points">The visible key points of the query; one suffices.</param>
    /// <param name="share">The share of the frame to reach, above 0 and at most 1.</param>
    /// <param name="random">Where orders come from: they matter only where cells lie in the image in part.</param>
    /// <returns>The expected share of hits.</returns>
    public static double Chance(
        ReadOnlySpan<float> frameFractions,
        ReadOnlySpan<VisibleKeyPoint> points,
        double share,
        ref SplitMix64 random
    )
    {
        HashSet<int> marked = [];
        foreach (VisibleKeyPoint point in points)
        {
            if (point.Cell != VisibleKeyPoint.OutOfView)
            {
                marked.Add(point.Cell);
            }
        }
        if (marked.Count == 0)
        {
            return 0;
        }
        List<float> others = [];
        double frame = 0.0;
        for (int cell = 0; cell < frameFractions.Length; cell++)
        {
            frame += frameFractions[cell];
            if (frameFractions[cell] > 0 && !marked.Contains(cell))
            {
                others.Add(frameFractions[cell]);
            }
        }
        // Given how many other cells make up the area, it is certain how likely all of them come before the first marked one.
        float[] order = others.ToArray();
        double hits = 0.0;
        for (int draw = 0; draw < Orders; draw++)
        {
            (double area, int count) = (0.0, 0);
            for (; count < order.Length && area / frame < share - Rounding; count++)
            {
                // Shuffled on from the order that the last draw left, as far as the area reaches.
                int other = count + random.Next(order.Length - count);
                (order[count], order[other]) = (order[other], order[count]);
                area += order[count];
            }
            double miss = area / frame < share - Rounding ? 0 : 1.0;
            for (int index = 0; index < marked.Count; index++)
            {
                miss *= (double)(order.Length + marked.Count - count - index) / (order.Length + marked.Count - index);
            }
            hits += 1 - miss;
        }
        return hits / Orders;
    }
}
