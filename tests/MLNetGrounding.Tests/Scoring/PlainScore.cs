namespace MLNetGrounding.Scoring;

/// <summary>The score of one map said as plainly as possible, cell by cell in pixels of the original image.</summary>
internal static class PlainScore
{
    /// <summary>Hit, area and mPIR, or <see langword="null"/> where no key point is visible.</summary>
    public static (bool Hit, double Area, double Mpir)? Of(
        float[] map,
        ImageGeometry geometry,
        double threshold,
        float[] keyPoints,
        float[] visible,
        IReadOnlyList<int> indices
    )
    {
        List<int> seen = [.. indices.Where(index => visible[index] > 0)];
        if (seen.Count == 0)
        {
            return null;
        }

        (double low, double high) = (map.Min(), map.Max());
        double region = 0;
        double frame = 0;
        bool hit = false;
        for (int cell = 0; cell < map.Length; cell++)
        {
            (double left, double top, double right, double bottom) = geometry.CellToPixels(
                cell / geometry.Grid.Width,
                cell % geometry.Grid.Width
            );
            double width = Math.Max(0, Math.Min(right, geometry.ImageWidth) - Math.Max(left, 0));
            double height = Math.Max(0, Math.Min(bottom, geometry.ImageHeight) - Math.Max(top, 0));
            frame += width * height;
            if (high <= low || (map[cell] - low) / (high - low) < threshold)
            {
                continue;
            }

            region += width * height;
            hit |= seen.Any(index =>
                keyPoints[2 * index] >= left
                && keyPoints[2 * index] < right
                && keyPoints[(2 * index) + 1] >= top
                && keyPoints[(2 * index) + 1] < bottom
                && keyPoints[2 * index] >= 0
                && keyPoints[2 * index] < geometry.ImageWidth
                && keyPoints[(2 * index) + 1] >= 0
                && keyPoints[(2 * index) + 1] < geometry.ImageHeight
            );
        }

        double area = region / frame;
        return (hit, area, hit ? 1 / area : 0);
    }
}
