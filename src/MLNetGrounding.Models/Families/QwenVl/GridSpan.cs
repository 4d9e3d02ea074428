using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>The tokens of a grid of cells, and their positions in time, row and column.</summary>
internal static class GridSpan
{
    /// <summary>One token a cell, row by row: all at one time, and the text goes on after the longer side.</summary>
    public static ImageSpan Of(MapGrid grid, int imageTokenId) =>
        ImageSpan.Plain(imageTokenId, VisualLayout.RowByRow(grid)) with
        {
            Offsets =
            [
                new int[grid.Cells],
                [.. Enumerable.Range(0, grid.Cells).Select(cell => cell / grid.Width)],
                [.. Enumerable.Range(0, grid.Cells).Select(cell => cell % grid.Width)],
            ],
            Advance = Math.Max(grid.Height, grid.Width),
        };
}
