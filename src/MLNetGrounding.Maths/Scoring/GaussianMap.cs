using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>Maps that a baseline draws without looking at the picture.</summary>
internal static class GaussianMap
{
    /// <summary>A Gaussian over pixels of the original image, taken at the cells' middles, maximum about 1.</summary>
    /// <param name="geometry">Maps cells to pixels.</param>
    /// <param name="grid">Cells per side.</param>
    /// <param name="x">Pixels from the left edge of the image to the peak.</param>
    /// <param name="y">Pixels from its top edge.</param>
    /// <param name="spreadX">Standard deviation in pixels, above 0.</param>
    /// <param name="spreadY">Standard deviation in pixels, above 0.</param>
    /// <param name="map">Receives the map, <c>[grid, grid]</c>.</param>
    public static void Draw(in ImageGeometry geometry, int grid, double x, double y, double spreadX, double spreadY, Span<float> map)
    {
        Numbers.ThrowIfLengthIsNot(grid * grid, map.Length, "[grid, grid]", nameof(map));
        for (var row = 0; row < grid; row++)
        {
            for (var column = 0; column < grid; column++)
            {
                var (left, top, right, bottom) = geometry.CellToPixels(row, column, grid);
                var distanceX = ((left + right) / 2 - x) / spreadX;
                var distanceY = ((top + bottom) / 2 - y) / spreadY;
                map[row * grid + column] = (float)Math.Exp(-(distanceX * distanceX + distanceY * distanceY) / 2);
            }
        }
    }
}
