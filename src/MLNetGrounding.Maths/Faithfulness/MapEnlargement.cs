using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Faithfulness;

/// <summary>Enlarges a map of cells to the pixels of the original image.</summary>
internal static class MapEnlargement
{
    /// <summary>
    /// Bilinear with half-pixel centers, rounded to float32 after the columns and after the rows, as OpenCV's INTER_LINEAR does; beyond the
    /// centers of the outermost cells, and where a crop has removed pixels, the nearest cell counts.
    /// </summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">How the image lies under the grid.</param>
    /// <returns>The values, <c>[imageHeight, imageWidth]</c>.</returns>
    public static float[] Bilinear(ReadOnlySpan<float> map, in ImageGeometry geometry)
    {
        MapGrid grid = geometry.Grid;
        Numbers.ThrowIfLengthIsNot(grid.Cells, map.Length, "[gridHeight, gridWidth]", nameof(map));
        (int First, float Weight)[] columns = Places(
            geometry.ImageWidth,
            geometry.ScaleX,
            geometry.OffsetX,
            geometry.CellWidth,
            grid.Width
        );
        (int First, float Weight)[] rows = Places(
            geometry.ImageHeight,
            geometry.ScaleY,
            geometry.OffsetY,
            geometry.CellHeight,
            grid.Height
        );
        float[] wide = new float[grid.Height * columns.Length];
        for (int row = 0; row < grid.Height; row++)
        {
            for (int x = 0; x < columns.Length; x++)
            {
                (int first, float weight) = columns[x];
                int at = (row * grid.Width) + first;
                wide[(row * columns.Length) + x] = weight == 0 ? map[at] : Between(map[at], map[at + 1], weight);
            }
        }

        float[] pixels = new float[rows.Length * columns.Length];
        for (int y = 0; y < rows.Length; y++)
        {
            (int first, float weight) = rows[y];
            for (int x = 0; x < columns.Length; x++)
            {
                int at = (first * columns.Length) + x;
                pixels[(y * columns.Length) + x] = weight == 0 ? wide[at] : Between(wide[at], wide[at + columns.Length], weight);
            }
        }

        return pixels;
    }

    // Rounded once: what lies between equal values is equal to them.
    private static float Between(float first, float second, float weight) => (float)((first * (1.0 - weight)) + ((double)second * weight));

    /// <summary>
    /// For each pixel along one axis the first of the two cells between whose centers it lies, and the weight of the second.
    /// </summary>
    private static (int First, float Weight)[] Places(int pixels, double scale, double offset, double cell, int cells)
    {
        var places = new (int, float)[pixels];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            float center = (float)(((((pixel + 0.5) * scale) + offset) / cell) - 0.5);
            int first = (int)MathF.Floor(center);
            places[pixel] =
                first < 0 ? (0, 0)
                : first >= cells - 1 ? (cells - 1, 0)
                : (first, center - first);
        }

        return places;
    }
}
