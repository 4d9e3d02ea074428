namespace MLNetGrounding;

/// <summary>Where a model looked, as cells of its grid and as pixels of the original image.</summary>
public sealed class PredictedRegion
{
    private readonly bool[] _cells;
    private readonly ImageGeometry? _geometry;

    internal PredictedRegion(bool[] cells, MapGrid grid, ImageGeometry? geometry, (double Left, double Top, double Right, double Bottom)? box = null)
    {
        _cells = cells;
        Grid = grid;
        _geometry = geometry;
        Count = cells.Count(cell => cell);
        Area = geometry is { } known ? AreaOf(known) : 0;
        Box = box ?? (geometry is { } placed ? BoxOf(placed) : null);
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
    /// The smallest rectangle around the region's cells, in pixels of the original image and cut at its edges, or the box that its
    /// <see cref="RegionRule"/> makes; <see langword="null"/> where no part of the region lies inside the image.
    /// </summary>
    public (double Left, double Top, double Right, double Bottom)? Box { get; }

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

    private (double Left, double Top, double Right, double Bottom)? BoxOf(in ImageGeometry geometry)
    {
        (double left, double top, double right, double bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            if (_cells[cell])
            {
                (double Left, double Top, double Right, double Bottom) pixels = geometry.CellToPixels(cell / Grid.Width, cell % Grid.Width);
                (left, top) = (Math.Min(left, pixels.Left), Math.Min(top, pixels.Top));
                (right, bottom) = (Math.Max(right, pixels.Right), Math.Max(bottom, pixels.Bottom));
            }
        }

        (left, top) = (Math.Max(left, 0), Math.Max(top, 0));
        (right, bottom) = (Math.Min(right, geometry.ImageWidth), Math.Min(bottom, geometry.ImageHeight));
        return left < right && top < bottom ? (left, top, right, bottom) : null;
    }
}
