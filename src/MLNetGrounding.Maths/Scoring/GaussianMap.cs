using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>Maps that a baseline draws without looking at the image.</summary>
internal static class GaussianMap
{
    /// <summary>A Gaussian over pixels of the original image, taken at the cells' middles, maximum about 1.</summary>
    /// <param name="geometry">Maps cells to pixels.</param>
    /// <param name="x">Pixels from the left edge of the image to the peak.</param>
    /// <param name="y">Pixels from its top edge.</param>
    /// <param name="spreadX">Standard deviation in pixels, above 0.</param>
    /// <param name="spreadY">Standard deviation in pixels, above 0.</param>
    /// <param name="map">Receives the map, <c>[gridHeight, gridWidth]</c> of the geometry's grid.</param>
    public static void Draw(in ImageGeometry geometry, double x, double y, double spreadX, double spreadY, Span<float> map)
    {
        MapGrid grid = geometry.Grid;
        Numbers.ThrowIfLengthIsNot(grid.Cells, map.Length, "[gridHeight, gridWidth]", nameof(map));
        for (int row = 0; row < grid.Height; row++)
        {
            for (int column = 0; column < grid.Width; column++)
            {
                (double left, double top, double right, double bottom) = geometry.CellToPixels(row, column);
                double distanceX = ((left + right) / 2 - x) / spreadX;
                double distanceY = ((top + bottom) / 2 - y) / spreadY;
                map[row * grid.Width + column] = (float)Math.Exp(-(distanceX * distanceX + distanceY * distanceY) / 2);
            }
        }
    }
}
