using MLNetGrounding.Scoring;

namespace MLNetGrounding.Rendering;

/// <summary>What overlays of one query have in common: its map, its region and its key points.</summary>
internal static class GroundingDrawing
{
    public static void DrawGrounding(
        this GroundingOverlay overlay,
        GroundedImage image,
        int query,
        double threshold,
        IReadOnlyDictionary<string, IReadOnlyList<int>>? keyPointTable
    ) =>
        overlay.DrawGrounding(
            image.MapOf(0, query),
            threshold,
            image.KeyPoints.Span,
            image.KeyPointVisible.Span,
            QueryKeyPoints.Find(image.Queries[query], keyPointTable, image.KeyPointDescription) ?? []
        );

    public static void DrawGrounding(
        this GroundingOverlay overlay,
        ReadOnlySpan<float> map,
        double threshold,
        ReadOnlySpan<float> keyPoints,
        ReadOnlySpan<float> visible,
        IReadOnlyList<int> points
    )
    {
        overlay.DrawMap(map).DrawRegion(map, threshold);
        foreach (int point in points)
        {
            if (point < visible.Length && visible[point] != 0)
            {
                overlay.DrawScoredKeyPoint(keyPoints[2 * point], keyPoints[(2 * point) + 1], map, threshold);
            }
        }
    }
}
