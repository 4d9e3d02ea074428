using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>How many pixels of each part, and of the image, every grid cell holds: all that overlap needs of a mask.</summary>
internal sealed class PartPixels
{
    private readonly int[] _pixels;
    private readonly int[][] _partPixels;
    private readonly int[] _partTotals;
    private readonly bool[] _known;

    // Parts of one label share the counts of the first of them.
    private readonly int[] _counted;

    private PartPixels(int cells, int parts)
    {
        _pixels = new int[cells];
        _partPixels = [.. Enumerable.Range(0, parts).Select(_ => new int[cells])];
        _partTotals = new int[parts];
        _known = new bool[parts];
        _counted = [.. Enumerable.Range(0, parts)];
    }

    /// <summary>Counts a label image.</summary>
    /// <param name="labels">The label of each pixel of the original image, row by row.</param>
    /// <param name="geometry">Maps pixels to cells; its image size is that of <paramref name="labels"/>.</param>
    /// <param name="partLabels">The label of each part, or null for a part that the image does not tell of.</param>
    public static PartPixels Count(ReadOnlySpan<byte> labels, in ImageGeometry geometry, IReadOnlyList<byte?> partLabels)
    {
        (int width, int height) = (geometry.ImageWidth, geometry.ImageHeight);
        Numbers.ThrowIfLengthIsNot(width * height, labels.Length, $"the pixels of an image of {width} x {height}", nameof(labels));
        PartPixels counts = new(geometry.Grid.Cells, partLabels.Count);
        Span<int> partOf = stackalloc int[byte.MaxValue + 1];
        partOf.Fill(-1);
        for (int part = 0; part < partLabels.Count; part++)
        {
            if (partLabels[part] is { } label)
            {
                partOf[label] = partOf[label] < 0 ? part : partOf[label];
                counts._counted[part] = partOf[label];
                counts._known[part] = true;
            }
        }
        // Both axes are mapped on their own, so a pixel's column of the grid does not depend on its row. A crop may cut either.
        int[] columns = new int[width];
        int[] rows = new int[height];
        PixelRectangle view = geometry.View();
        (double middleX, double middleY) = ((view.Left + view.Right) / 2, (view.Top + view.Bottom) / 2);
        for (int x = 0; x < width; x++)
        {
            columns[x] = geometry.TryGetCell(x + 0.5, middleY, out _, out int column) ? column : -1;
        }
        for (int y = 0; y < height; y++)
        {
            rows[y] = geometry.TryGetCell(middleX, y + 0.5, out int row, out _) ? row : -1;
        }
        for (int pixel = 0; pixel < labels.Length; pixel++)
        {
            (int row, int column) = (rows[pixel / width], columns[pixel % width]);
            int part = partOf[labels[pixel]];
            if (part >= 0)
            {
                counts._partTotals[part]++;
            }
            if (row >= 0 && column >= 0)
            {
                counts._pixels[row * geometry.Grid.Width + column]++;
                if (part >= 0)
                {
                    counts._partPixels[part][row * geometry.Grid.Width + column]++;
                }
            }
        }
        return counts;
    }

    /// <summary>Whether any pixel of the part lies in the cell; null for a part that the image does not tell of.</summary>
    /// <param name="part">The part.</param>
    /// <param name="cell">The cell, or <see cref="VisibleKeyPoint.OutOfView"/>.</param>
    public bool? Reaches(int part, int cell) => _known[part] ? cell >= 0 && _partPixels[_counted[part]][cell] > 0 : null;

    /// <summary>How many pixels of the image, and of a part, a cell holds.</summary>
    public (int All, int OfPart) CountsOf(int part, int cell) => (_pixels[cell], _partPixels[_counted[part]][cell]);

    /// <summary>
    /// Intersection over union, in pixels of the image, of a part and a region of cells, <c>[gridHeight, gridWidth]</c>. The part's pixels
    /// that a crop removed count as missed; padding counts as nothing. NaN for a part that the image does not tell of.
    /// </summary>
    public double Overlap(int part, ReadOnlySpan<bool> region)
    {
        if (!_known[part])
        {
            return double.NaN;
        }
        int[] partPixels = _partPixels[_counted[part]];
        (int intersection, int union) = (0, _partTotals[_counted[part]]);
        for (int cell = 0; cell < region.Length; cell++)
        {
            if (region[cell])
            {
                intersection += partPixels[cell];
                union += _pixels[cell] - partPixels[cell];
            }
        }
        return union == 0 ? 0 : (double)intersection / union;
    }
}
