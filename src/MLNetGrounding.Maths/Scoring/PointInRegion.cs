using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>The paper's point-in-region score of one image and one query (section 4.2, equation 5).</summary>
internal static class PointInRegion
{
    /// <param name="region">Predicted region, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">Maps pixels to cells.</param>
    /// <param name="frameFractions">Share of each cell inside the image, from <see cref="ImageGeometry.FrameFractions"/>.</param>
    /// <param name="keyPoints">Pairs of x and y in pixels of the original image, <c>[points, 2]</c>.</param>
    /// <param name="visible">0 for a key point that is not visible, <c>[points]</c>.</param>
    /// <param name="keyPointIndices">The key points that the query may hit; one suffices.</param>
    /// <returns>Null when none of the key points is visible. A visible key point that a crop removed is a miss.</returns>
    /// <exception cref="ArgumentException">A visible key point's coordinate, or a visibility, is NaN.</exception>
    public static RegionScore? Score(
        ReadOnlySpan<bool> region,
        in ImageGeometry geometry,
        ReadOnlySpan<float> frameFractions,
        ReadOnlySpan<float> keyPoints,
        ReadOnlySpan<float> visible,
        ReadOnlySpan<int> keyPointIndices
    )
    {
        Numbers.ThrowIfLengthIsNot(geometry.Grid.Cells, region.Length, "[gridHeight, gridWidth]", nameof(region));
        Span<VisibleKeyPoint> found = stackalloc VisibleKeyPoint[keyPointIndices.Length];
        int count = VisibleKeyPoint.Find(geometry, keyPoints, visible, keyPointIndices, found);
        return count == 0 ? null : Score(region, frameFractions, found[..count]);
    }

    /// <param name="region">Predicted region, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="frameFractions">Share of each cell inside the image, from <see cref="ImageGeometry.FrameFractions"/>.</param>
    /// <param name="points">The visible key points of the query; one suffices.</param>
    public static RegionScore Score(ReadOnlySpan<bool> region, ReadOnlySpan<float> frameFractions, ReadOnlySpan<VisibleKeyPoint> points)
    {
        Numbers.ThrowIfLengthIsNot(region.Length, frameFractions.Length, "[gridHeight, gridWidth]", nameof(frameFractions));
        return RegionScore.Of(VisibleKeyPoint.AnyIn(region, points), AreaInFrame(region, frameFractions));
    }

    /// <summary>The region's share of the frame, 0 where nothing of the image is seen.</summary>
    /// <param name="region">Predicted region, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="frameFractions">Share of each cell inside the image, from <see cref="ImageGeometry.FrameFractions"/>.</param>
    public static double AreaInFrame(ReadOnlySpan<bool> region, ReadOnlySpan<float> frameFractions)
    {
        (double inside, double frame) = (0.0, 0.0);
        for (int cell = 0; cell < region.Length; cell++)
        {
            frame += frameFractions[cell];
            inside += region[cell] ? frameFractions[cell] : 0;
        }
        return frame > 0 ? inside / frame : 0;
    }
}
