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
        PixelRectangle frame = geometry.GridToPixels().Rounded();
        PixelRectangle view = geometry.View().Rounded();
        (int rows, int columns) = (geometry.Grid.Height, geometry.Grid.Width);
        (double cellWidth, double cellHeight) = (frame.Width / columns, frame.Height / rows);
        (CellWindow Window, double Lead, double Side)? best = null;
        foreach (double ratio in Ratios)
        {
            int width = CellsOf(side * ratio, cellWidth, columns, mayBeEmpty);
            int height = CellsOf(side * ratio, cellHeight, rows, mayBeEmpty);
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
            (CellWindow window, double lead) = Strongest(map, rows, columns, height, width);
            if (best is null || lead > best.Value.Lead)
            {
                best = (window, lead, side * ratio);
            }
        }
        (CellWindow cells, double _, double chosen) = best!.Value;
        double half = Math.Floor(chosen / 2);
        (double left, double right) = Along(
            frame.Left + Math.Floor(cells.Column * cellWidth + cellWidth * cells.Width / 2),
            half,
            view.Left,
            view.Right
        );
        (double top, double bottom) = Along(
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
        (int placesDown, int placesAcross) = (rows - height + 1, columns - width + 1);
        double[] sums = new double[placesDown * placesAcross];
        (int bestRow, int bestColumn) = (0, 0);
        for (int column = 0; column < placesAcross; column++)
        {
            for (int row = 0; row < placesDown; row++)
            {
                double sum = 0.0;
                for (int line = row; line < row + height; line++)
                {
                    foreach (float value in map.Slice(line * columns + column, width))
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
        (double aside, int count) = (0.0, 0);
        foreach ((int down, int across) in (ReadOnlySpan<(int, int)>)[(0, -1), (0, 1), (-1, 0), (1, 0)])
        {
            (int row, int column) = (bestRow + down, bestColumn + across);
            if (row >= 0 && row < placesDown && column >= 0 && column < placesAcross)
            {
                aside += sums[row * placesAcross + column];
                count++;
            }
        }
        double lead = (sums[bestRow * placesAcross + bestColumn] - aside / count) / (height * width);
        return (new CellWindow(bestRow, bestColumn, height, width), lead);
    }
}
