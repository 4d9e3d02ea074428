namespace MLNetGrounding.Maths;

/// <summary>The paper's point-in-region score of one image and one query (section 4.2, equation 5).</summary>
internal static class PointInRegion
{
    /// <param name="region">Predicted region, <c>[grid, grid]</c>.</param>
    /// <param name="grid">Cells per side.</param>
    /// <param name="geometry">Maps pixels to cells.</param>
    /// <param name="frameFractions">Share of each cell inside the picture, from <see cref="ImageGeometry.FrameFractions"/>.</param>
    /// <param name="keyPoints">Pairs of x and y in pixels of the original image, <c>[points, 2]</c>.</param>
    /// <param name="visible">0 for a key point that is not visible, <c>[points]</c>.</param>
    /// <param name="keyPointIndices">The key points that the query may hit; one suffices.</param>
    /// <returns>Null when none of the key points is visible. A visible key point that a crop removed is a miss.</returns>
    /// <exception cref="ArgumentException">A visible key point's coordinate, or a visibility, is NaN.</exception>
    public static RegionScore? Score(
        ReadOnlySpan<bool> region,
        int grid,
        in ImageGeometry geometry,
        ReadOnlySpan<float> frameFractions,
        ReadOnlySpan<float> keyPoints,
        ReadOnlySpan<float> visible,
        ReadOnlySpan<int> keyPointIndices)
    {
        Numbers.ThrowIfLengthIsNot(grid * grid, region.Length, "[grid, grid]", nameof(region));
        Numbers.ThrowIfLengthIsNot(grid * grid, frameFractions.Length, "[grid, grid]", nameof(frameFractions));
        Numbers.ThrowIfLengthIsNot(2 * visible.Length, keyPoints.Length, "[points, 2]", nameof(keyPoints));
        var (anyVisible, hit) = (false, false);
        foreach (var index in keyPointIndices)
        {
            if (float.IsNaN(visible[index]))
            {
                throw new ArgumentException($"The visibility of key point {index} is NaN.", nameof(visible));
            }
            if (visible[index] == 0)
            {
                continue;
            }
            anyVisible = true;
            var (x, y) = (keyPoints[2 * index], keyPoints[2 * index + 1]);
            if (float.IsNaN(x) || float.IsNaN(y))
            {
                throw new ArgumentException($"Key point {index} is visible but lies at ({x}, {y}).", nameof(keyPoints));
            }
            hit |= geometry.TryGetCell(x, y, grid, out var row, out var column) && region[row * grid + column];
        }
        if (!anyVisible)
        {
            return null;
        }
        var area = AreaInFrame(region, frameFractions);
        return new RegionScore(hit, area, hit && area > 0 ? 1 / area : 0);
    }

    private static double AreaInFrame(ReadOnlySpan<bool> region, ReadOnlySpan<float> frameFractions)
    {
        var (inside, frame) = (0.0, 0.0);
        for (var cell = 0; cell < region.Length; cell++)
        {
            frame += frameFractions[cell];
            inside += region[cell] ? frameFractions[cell] : 0;
        }
        return frame > 0 ? inside / frame : 0;
    }
}
