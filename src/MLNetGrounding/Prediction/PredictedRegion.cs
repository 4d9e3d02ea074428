using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Prediction;

namespace MLNetGrounding;

/// <summary>Where a model looked, as cells of its grid and as pixels of the original image.</summary>
public sealed class PredictedRegion
{
    private readonly bool[] _cells;
    private readonly ImageGeometry? _geometry;

    internal PredictedRegion(bool[] cells, MapGrid grid, ImageGeometry? geometry, PixelRectangle? box = null)
    {
        _cells = cells;
        Grid = grid;
        _geometry = geometry;
        Count = cells.Count(cell => cell);
        Area = geometry is { } known ? AreaOf(known) : 0;
        Boxes =
            geometry is not { } placed ? []
            : box is { } own ? (PixelBox[])[.. new[] { Whole(own.Left, own.Top, own.Right, own.Bottom, placed) }.OfType<PixelBox>()]
            : BoxesOf(placed);
    }

    /// <summary>The cells of the map.</summary>
    public MapGrid Grid { get; }

    /// <summary>Whether each cell belongs to the region, <c>[gridHeight, gridWidth]</c>, row by row.</summary>
    public ReadOnlyMemory<bool> Cells => _cells;

    /// <summary>The number of cells in the region.</summary>
    public int Count { get; }

    /// <summary>The region's share of the image's frame, from 0 to 1: cells of padding do not count.</summary>
    public double Area { get; }

    /// <summary>
    /// The smallest box of whole pixels of the original image that covers the region's largest part, cut at the image's edges;
    /// <see langword="null"/> where no part of the region lies inside the image. The parts are what hangs together by the edges of cells;
    /// the largest is the one of most cells, of equally large ones the first from the top left, row by row. A <see cref="RegionRule"/> that
    /// makes a box of its own, such as <see cref="WindowRegion"/>, has that one.
    /// </summary>
    public PixelBox? Box => Boxes.Count > 0 ? Boxes[0] : null;

    /// <summary>The box of each part of the region that lies inside the image, as <see cref="Box"/>, the largest part first.</summary>
    public IReadOnlyList<PixelBox> Boxes { get; }

    /// <summary>Whether a cell belongs to the region.</summary>
    /// <param name="row">From 0, from the top.</param>
    /// <param name="column">From 0, from the left.</param>
    public bool this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Grid.Height);
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Grid.Width);
            return _cells[(row * Grid.Width) + column];
        }
    }

    /// <summary>Whether a point of the original image lies in the region; points that a crop removed do not.</summary>
    /// <param name="x">Pixels from the image's left edge.</param>
    /// <param name="y">Pixels from its top edge.</param>
    public bool Contains(double x, double y) =>
        _geometry is { } geometry && geometry.TryGetCell(x, y, out int row, out int column) && this[row, column];

    private double AreaOf(in ImageGeometry geometry)
    {
        float[] fractions = new float[_cells.Length];
        geometry.FrameFractions(fractions);
        double inside = 0;
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            inside += _cells[cell] ? fractions[cell] : 0;
        }

        double frame = fractions.Sum(fraction => (double)fraction);
        return frame > 0 ? inside / frame : 0;
    }

    private PixelBox[] BoxesOf(ImageGeometry geometry) =>
        [.. RegionComponents.Of(_cells, Grid).Select(component => BoxOf(component, geometry)).OfType<PixelBox>()];

    private PixelBox? BoxOf(IReadOnlyList<int> component, in ImageGeometry geometry)
    {
        (double left, double top, double right, double bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (int cell in component)
        {
            (double Left, double Top, double Right, double Bottom) pixels = geometry.CellToPixels(cell / Grid.Width, cell % Grid.Width);
            (left, top) = (Math.Min(left, pixels.Left), Math.Min(top, pixels.Top));
            (right, bottom) = (Math.Max(right, pixels.Right), Math.Max(bottom, pixels.Bottom));
        }

        return Whole(left, top, right, bottom, geometry);
    }

    /// <summary>The whole pixels of the image that a rectangle covers, if only in part.</summary>
    private static PixelBox? Whole(double left, double top, double right, double bottom, in ImageGeometry geometry)
    {
        // Edges that fall on whole pixels are computed a rounding error of floats beside them.
        const double tolerance = 1e-3;
        int x = (int)Math.Floor(Math.Max(left, 0) + tolerance);
        int y = (int)Math.Floor(Math.Max(top, 0) + tolerance);
        int endX = (int)Math.Ceiling(Math.Min(right, geometry.ImageWidth) - tolerance);
        int endY = (int)Math.Ceiling(Math.Min(bottom, geometry.ImageHeight) - tolerance);
        return x < endX && y < endY ? new PixelBox(x, y, endX - x, endY - y) : null;
    }
}
