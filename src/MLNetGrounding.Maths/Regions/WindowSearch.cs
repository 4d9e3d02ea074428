using MLNetGrounding.Maths.Geometry;

namespace MLNetGrounding.Maths.Regions;

/// <summary>The search of <see cref="WindowRegion"/>.</summary>
internal static class WindowSearch
{
    private static readonly double[] Ratios = [1, 1.2, 1.4, 1.6, 1.8, 2];

    /// <param name="map">A map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">Where its cells lie in the image.</param>
    /// <param name="side">The base side in pixels.</param>
    /// <param name="mayBeEmpty">Whether a window may have no cell, where it is the first one and wins.</param>
    public static (CellWindow Cells, PixelRectangle Box) Find(ReadOnlySpan<float> map, in ImageGeometry geometry, int side, bool mayBeEmpty)
    {
        // Whole pixels, as boxes are cropped.
        var frame = geometry.GridToPixels().Rounded();
        var view = geometry.View().Rounded();
        var (rows, columns) = (geometry.Grid.Height, geometry.Grid.Width);
        var (cellWidth, cellHeight) = (frame.Width / columns, frame.Height / rows);
        (CellWindow Window, double Lead, double Side)? best = null;
        foreach (var ratio in Ratios)
        {
            var width = CellsOf(side * ratio, cellWidth, columns, mayBeEmpty);
            var height = CellsOf(side * ratio, cellHeight, rows, mayBeEmpty);
            if (width == columns && height == rows)
            {
                if (ratio == 1)
                {
                    return (new CellWindow(0, 0, rows, columns), view);
                }
                continue;
            }
            if (width == 0 || height == 0)
            {
                best = (new CellWindow(0, 0, height, width), double.PositiveInfinity, side * ratio);
                break;
            }
            var (window, lead) = Strongest(map, rows, columns, height, width);
            if (best is null || lead > best.Value.Lead)
            {
                best = (window, lead, side * ratio);
            }
        }
        var (cells, _, chosen) = best!.Value;
        var half = Math.Floor(chosen / 2);
        var (left, right) = Along(
            frame.Left + Math.Floor(cells.Column * cellWidth + cellWidth * cells.Width / 2),
            half,
            view.Left,
            view.Right
        );
        var (top, bottom) = Along(
            frame.Top + Math.Floor(cells.Row * cellHeight + cellHeight * cells.Height / 2),
            half,
            view.Top,
            view.Bottom
        );
        return (cells, new PixelRectangle(left, top, right, bottom));
    }

    private static int CellsOf(double pixels, double cell, int most, bool mayBeEmpty) =>
        (int)Math.Clamp(Math.Floor(pixels / cell), mayBeEmpty ? 0 : 1, most);

    /// <summary>Moves the square inside; an axis shorter than it is taken whole.</summary>
    private static (double Start, double End) Along(double center, double half, double start, double end)
    {
        center = Math.Max(center, start + half);
        center = Math.Min(center, end - half);
        return (Math.Max(start, center - half), Math.Min(end, center + half));
    }

    /// <summary>The window of largest sum, and by how much for each cell that exceeds the mean of the windows one step aside.</summary>
    private static (CellWindow Window, double Lead) Strongest(ReadOnlySpan<float> map, int rows, int columns, int height, int width)
    {
        var (placesDown, placesAcross) = (rows - height + 1, columns - width + 1);
        var sums = new double[placesDown * placesAcross];
        var (bestRow, bestColumn) = (0, 0);
        for (var column = 0; column < placesAcross; column++)
        {
            for (var row = 0; row < placesDown; row++)
            {
                var sum = 0.0;
                for (var line = row; line < row + height; line++)
                {
                    foreach (var value in map.Slice(line * columns + column, width))
                    {
                        sum += value;
                    }
                }
                sums[row * placesAcross + column] = sum;
                if (sum > sums[bestRow * placesAcross + bestColumn])
                {
                    (bestRow, bestColumn) = (row, column);
                }
            }
        }
        var (aside, count) = (0.0, 0);
        foreach (var (down, across) in (ReadOnlySpan<(int, int)>)[(0, -1), (0, 1), (-1, 0), (1, 0)])
        {
            var (row, column) = (bestRow + down, bestColumn + across);
            if (row >= 0 && row < placesDown && column >= 0 && column < placesAcross)
            {
                aside += sums[row * placesAcross + column];
                count++;
            }
        }
        var lead = (sums[bestRow * placesAcross + bestColumn] - aside / count) / (height * width);
        return (new CellWindow(bestRow, bestColumn, height, width), lead);
    }
}
