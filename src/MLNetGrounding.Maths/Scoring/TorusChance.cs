using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// How often a rectangle hits that knows nothing of the image: it is shifted uniformly over a place, and what leaves the place on one side
/// enters on the other, so that every pixel is covered equally often. A hit of one point then has the rectangle's share of the place as its
/// probability and mPIR an expectation of 1 whatever the size; where any of several points counts, chance is higher, and is measured here.
/// </summary>
internal static class TorusChance
{
    /// <param name="place">The place to shift over; points outside are never hit.</param>
    /// <param name="width">The rectangle's width in pixels, at most the place's.</param>
    /// <param name="height">The rectangle's height in pixels, at most the place's.</param>
    /// <param name="points">The visible key points.</param>
    /// <param name="onePoint">Whether one point, drawn anew for each shift, counts instead of any.</param>
    /// <param name="draws">The number of shifts.</param>
    /// <param name="random">Where the shifts come from.</param>
    /// <returns>The share of shifts that hit.</returns>
    public static double HitRate(
        in PixelRectangle place,
        double width,
        double height,
        ReadOnlySpan<VisibleKeyPoint> points,
        bool onePoint,
        int draws,
        ref SplitMix64 random
    )
    {
        int hits = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            double left = place.Left + random.NextDouble() * place.Width;
            double top = place.Top + random.NextDouble() * place.Height;
            ReadOnlySpan<VisibleKeyPoint> candidates = onePoint ? points.Slice(random.Next(points.Length), 1) : points;
            foreach (VisibleKeyPoint point in candidates)
            {
                if (
                    place.Contains(point.X, point.Y)
                    && Wrapped(point.X - left, place.Width) < width
                    && Wrapped(point.Y - top, place.Height) < height
                )
                {
                    hits++;
                    break;
                }
            }
        }
        return (double)hits / draws;
    }

    private static double Wrapped(double difference, double period) => difference < 0 ? difference + period : difference;
}
