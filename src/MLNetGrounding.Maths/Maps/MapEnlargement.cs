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
        var (width, height, columns) = (geometry.ImageWidth, geometry.ImageHeight, geometry.Grid.Width);
        var across = Weights(width, columns, geometry.ScaleX / geometry.CellWidth, geometry.OffsetX / geometry.CellWidth);
        var down = Weights(height, geometry.Grid.Height, geometry.ScaleY / geometry.CellHeight, geometry.OffsetY / geometry.CellHeight);
        for (var y = 0; y < height; y++)
        {
            var (upper, lower, toLower) = down[y];
            var line = pixels.Slice(y * width, width);
            var above = map.Slice(upper * columns, columns);
            var below = map.Slice(lower * columns, columns);
            for (var x = 0; x < width; x++)
            {
                var (left, right, toRight) = across[x];
                var first = (1 - toRight) * above[left] + toRight * above[right];
                var second = (1 - toRight) * below[left] + toRight * below[right];
                line[x] = (1 - toLower) * first + toLower * second;
            }
        }
    }

    private static (int Before, int After, float Share)[] Weights(int pixels, int cells, double scale, double offset)
    {
        var weights = new (int, int, float)[pixels];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var place = Math.Clamp((float)scale * (pixel + 0.5f) + (float)offset - 0.5f, 0, cells - 1);
            var before = (int)place;
            weights[pixel] = (before, Math.Min(before + 1, cells - 1), place - before);
        }
        return weights;
    }
}
