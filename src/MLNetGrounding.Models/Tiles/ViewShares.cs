namespace MLNetGrounding.Models.Tiles;

/// <summary>What the tokens of tiles and of a whole view show on the grid of maps.</summary>
/// <remarks>
/// The rule: a tile's token shows its own cell. A token of the whole view is spread over the cells that it covers, by the area it covers of
/// each, so that its shares add up to 1.
/// </remarks>
internal static class ViewShares
{
    private static readonly IReadOnlyList<(int Cell, float Share)> None = [];

    /// <summary>The tokens of one tile, row by row.</summary>
    /// <param name="tiles">All tiles, rows and columns.</param>
    /// <param name="tile">The tile, counted row by row.</param>
    /// <param name="cells">Cells along a side of a tile.</param>
    /// <param name="views">Which views maps show.</param>
    public static IEnumerable<IReadOnlyList<(int Cell, float Share)>> OfTile(
        (int Rows, int Columns) tiles,
        int tile,
        int cells,
        MapViews views
    )
    {
        int first = (tile / tiles.Columns * cells * tiles.Columns * cells) + (tile % tiles.Columns * cells);
        return Enumerable
            .Range(0, cells * cells)
            .Select(token => views == MapViews.Whole ? None : [(first + (token / cells * tiles.Columns * cells) + (token % cells), 1f)]);
    }

    /// <summary>The tokens of a whole view, row by row.</summary>
    /// <param name="cells">Tokens along a side of the view.</param>
    /// <param name="grid">The grid of maps, which covers the same part of the image.</param>
    /// <param name="views">Which views maps show.</param>
    public static IEnumerable<IReadOnlyList<(int Cell, float Share)>> OfWhole(int cells, MapGrid grid, MapViews views)
    {
        (int Index, float Share)[][] rows = [.. Enumerable.Range(0, cells).Select(row => Along(row, cells, grid.Height))];
        (int Index, float Share)[][] columns = [.. Enumerable.Range(0, cells).Select(column => Along(column, cells, grid.Width))];
        return Enumerable
            .Range(0, cells * cells)
            .Select(token =>
                views == MapViews.Tiles
                    ? None
                    :
                    [
                        .. rows[token / cells]
                            .SelectMany(row =>
                                columns[token % cells].Select(column => ((row.Index * grid.Width) + column.Index, row.Share * column.Share))
                            ),
                    ]
            );
    }

    /// <summary>The cells that a token covers along one axis, each with the part of the token that lies in it.</summary>
    private static (int Index, float Share)[] Along(int token, int tokens, int cells)
    {
        // In units of 1 / (tokens × cells) of the image.
        List<(int, float)> covered = [];
        for (int cell = token * cells / tokens; cell < cells && (long)cell * tokens < (long)(token + 1) * cells; cell++)
        {
            long overlap =
                Math.Min((long)(token + 1) * cells, (long)(cell + 1) * tokens) - Math.Max((long)token * cells, (long)cell * tokens);
            if (overlap > 0)
            {
                covered.Add((cell, (float)overlap / cells));
            }
        }

        return [.. covered];
    }
}
