using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Models.Tiles;

/// <summary>Which tiles an <see cref="ImageRequest"/> asks for.</summary>
internal static class TileRequest
{
    /// <summary>The tiles of every image so wanted, or <see langword="null"/> where each image has its own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="otherwise">The tiles where none are asked for.</param>
    /// <param name="cells">Cells along a side of a tile.</param>
    /// <exception cref="ArgumentException">The request contradicts itself.</exception>
    public static (int Rows, int Columns)? Resolve(ImageRequest request, (int Rows, int Columns) otherwise, int cells)
    {
        if (request.Fit == ImageFit.Native)
        {
            return request.Tiles is null && request.Grid is null
                ? null
                : throw new ArgumentException(
                    $"With {nameof(ImageFit)}.{nameof(ImageFit.Native)} every image has its own tiles and grid. Leave {nameof(CaptureOptions.Tiles)} and {nameof(CaptureOptions.Grid)} unset, or choose another {nameof(CaptureOptions.Fit)}.",
                    nameof(request)
                );
        }

        if (request.Tiles is { } tiles)
        {
            return tiles is { Rows: > 0, Columns: > 0 }
                ? tiles
                : throw new ArgumentException(
                    $"{nameof(CaptureOptions.Tiles)} is {tiles.Rows} x {tiles.Columns}; at least one row and one column were expected.",
                    nameof(request)
                );
        }

        return request.Grid is { } grid && request.Views != MapViews.Whole && grid.Height % cells == 0 && grid.Width % cells == 0
            ? (grid.Height / cells, grid.Width / cells)
            : otherwise;
    }

    /// <summary>Refuses tiles that have more cells than are wanted.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="grid">Their cells.</param>
    /// <param name="image">Width and height of the image that chose the tiles, where one did.</param>
    /// <exception cref="ArgumentException">There are more.</exception>
    public static void RequireCells(
        ImageRequest request,
        (int Rows, int Columns) tiles,
        MapGrid grid,
        (int Width, int Height)? image = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MostCells, 1, nameof(CaptureOptions.MaximumCells));
        if (grid.Cells > request.MostCells)
        {
            string what = image is { } size
                ? $"An image of {size.Width} x {size.Height} pixels is cut into {tiles.Rows} x {tiles.Columns} tiles here, which"
                : $"{tiles.Rows} x {tiles.Columns} tiles";
            throw new ArgumentException(
                $"{what} have {grid.Cells} cells, more than {request.MostCells}. Choose fewer {nameof(CaptureOptions)}.{nameof(CaptureOptions.Tiles)}, or set {nameof(CaptureOptions.MaximumCells)} to as many; time and memory grow with them.",
                nameof(request)
            );
        }
    }

    /// <summary>Refuses a grid that the tiles do not have.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="span">What stands for images so cut.</param>
    /// <exception cref="ArgumentException">The request asks for another grid.</exception>
    public static ImageSpan RequireGrid(ImageRequest request, (int Rows, int Columns) tiles, ImageSpan span) =>
        request.Grid is not { } grid || grid == span.Layout.Grid
            ? span
            : throw new ArgumentException(
                $"A grid of {grid} cells was asked for, but images of {tiles.Rows} x {tiles.Columns} tiles have {span.Layout.Grid}. Choose {nameof(CaptureOptions.Tiles)}, and leave {nameof(CaptureOptions.Grid)} unset.",
                nameof(request)
            );
}
