using System.Globalization;
using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding;

/// <summary>
/// The square of the image that stands out most from the squares beside it: what ViCrop crops and shows to the model again
/// (Zhang et al., "MLLMs Know Where to Look", arXiv 2502.17422).
/// </summary>
/// <remarks>
/// As in the released code (saccharomycetes/mllms_know, <c>utils.py</c>): for squares of 1, 1.2, ... 2 times a base side, the window of as
/// many cells with the largest sum; of these the one whose sum exceeds the mean of its neighbors, one cell aside, by most for each of its
/// cells; of equal ones the first, columns before rows and small before large. Where a base side covers the whole grid, the whole image is
/// the region. Mended: that code lays the map over the whole image, though the model may see its middle only, and has windows of no cell on
/// large images. Here the square lies where the cells show the image, and a window has at least one cell.
/// </remarks>
public sealed record WindowRegion : RegionRule
{
    private const int LargestSide = 1 << 24;

    /// <summary>
    /// The base side in pixels of the image, at least 1: the side of the model's input. Default <see langword="null"/>: that of the
    /// geometry's input, the shorter one; 336 for LLaVA 1.5, as in the source.
    /// </summary>
    public int? Side { get; init; }

    /// <summary>
    /// Whether a base side of less than a cell gives the square in the image's corner, as in the released code, where it is a window of no
    /// cell. For comparisons with numbers that were made by it. Default <see langword="false"/>: a window has at least one cell.
    /// </summary>
    public bool EmptyWindowsAsReleased { get; init; }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"window{Side}");

    internal override void Validate()
    {
        if (Side is < 1 or > LargestSide)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Side),
                Side,
                $"{nameof(Side)} must be a number of pixels from 1 to {LargestSide}."
            );
        }
    }

    internal override bool HasOwnBox => true;

    /// <summary>The square itself, at most as large as the image.</summary>
    internal override PixelRectangle? Box(ReadOnlySpan<float> map, in ImageGeometry geometry, ReadOnlySpan<bool> region)
    {
        if (region.IndexOf(true) < 0)
        {
            return null;
        }
        return Search(map, geometry).Box is { Area: > 0 } box ? box : null;
    }

    private protected override int MarkCells(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> region)
    {
        CellWindow window = Search(map, geometry).Cells;
        (int width, int height) = (Math.Max(1, window.Width), Math.Max(1, window.Height));
        for (int row = window.Row; row < window.Row + height; row++)
        {
            region.Slice(row * geometry.Grid.Width + window.Column, width).Fill(true);
        }
        return width * height;
    }

    private (CellWindow Cells, PixelRectangle Box) Search(ReadOnlySpan<float> map, in ImageGeometry geometry) =>
        WindowSearch.Find(map, geometry, Side ?? Math.Min(geometry.InputWidth, geometry.InputHeight), EmptyWindowsAsReleased);
}
