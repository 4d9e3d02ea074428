namespace MLNetGrounding.Maths.Maps;

/// <summary>A map at every pixel of its image: bilinear between the centers of cells, and beyond the outermost centers as there.</summary>
/// <remarks>
/// In single precision and in the order of PyTorch's <c>interpolate</c> without aligned corners, whose bytes others count.
/// </remarks>
internal static class MapEnlargement
{
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">Where its cells lie in the image.</param>
    /// <param name="pixels">Receives the map, <c>[imageHeight, imageWidth]</c>.</param>
    public static void Enlarge(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<float> pixels)
    {
        (int width, int height, int columns) = (geometry.ImageWidth, geometry.ImageHeight, geometry.Grid.Width);
        (int Before, int After, float Share)[] across = Weights(
            width,
            columns,
            geometry.ScaleX / geometry.CellWidth,
            geometry.OffsetX / geometry.CellWidth
        );
        (int Before, int After, float Share)[] down = Weights(
            height,
            geometry.Grid.Height,
            geometry.ScaleY / geometry.CellHeight,
            geometry.OffsetY / geometry.CellHeight
        );
        for (int y = 0; y < height; y++)
        {
            (int upper, int lower, float toLower) = down[y];
            Span<float> line = pixels.Slice(y * width, width);
            ReadOnlySpan<float> above = map.Slice(upper * columns, columns);
            ReadOnlySpan<float> below = map.Slice(lower * columns, columns);
            for (int x = 0; x < width; x++)
            {
                (int left, int right, float toRight) = across[x];
                float first = (1 - toRight) * above[left] + toRight * above[right];
                float second = (1 - toRight) * below[left] + toRight * below[right];
                line[x] = (1 - toLower) * first + toLower * second;
            }
        }
    }

    private static (int Before, int After, float Share)[] Weights(int pixels, int cells, double scale, double offset)
    {
        var weights = new (int, int, float)[pixels];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            float place = Math.Clamp((float)scale * (pixel + 0.5f) + (float)offset - 0.5f, 0, cells - 1);
            int before = (int)place;
            weights[pixel] = (before, Math.Min(before + 1, cells - 1), place - before);
        }
        return weights;
    }
}
