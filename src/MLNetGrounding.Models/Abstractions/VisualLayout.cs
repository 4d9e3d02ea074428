namespace MLNetGrounding;

/// <summary>
/// What the visual tokens of an image show: for every token of the run that stands for the image, from the first visual token to the last,
/// the cells of the map grid that it shows, each with a share. Markers and newlines between visual tokens, and a class token, show none.
/// </summary>
/// <remarks>
/// Attention maps leave the model through it; flow matrices stay over tokens. Most models show cell after cell, row by row, one token a
/// cell; a whole view beside tiles spreads each of its tokens over the cells that it covers, so that the sum over a map is that over the
/// tokens.
/// </remarks>
public sealed class VisualLayout : IEquatable<VisualLayout>
{
    // Compressed rows: the shares of token t lie from _starts[t] up to _starts[t + 1].
    private readonly int[] _starts;
    private readonly int[] _cells;
    private readonly float[] _shares;

    private VisualLayout(MapGrid grid, int[] starts, int[] cells, float[] shares)
    {
        Grid = grid;
        _starts = starts;
        _cells = cells;
        _shares = shares;
        IsRowByRow =
            Tokens == grid.Cells
            && Enumerable.Range(0, Tokens).All(token => starts[token] == token && cells[token] == token && shares[token] == 1);
    }

    /// <summary>The grid of cells.</summary>
    public MapGrid Grid { get; }

    /// <summary>Number of tokens that stand for the image, those that show no cell included.</summary>
    public int Tokens => _starts.Length - 1;

    /// <summary>Whether token i shows cell i and nothing else, cells counted row by row.</summary>
    public bool IsRowByRow { get; }

    /// <summary>One token a cell, row by row.</summary>
    /// <param name="grid">The grid.</param>
    internal static VisualLayout RowByRow(MapGrid grid) =>
        new(grid, [.. Enumerable.Range(0, grid.Cells + 1)], [.. Enumerable.Range(0, grid.Cells)], [.. Enumerable.Repeat(1f, grid.Cells)]);

    /// <summary>A layout of any shares.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="tokens">For each token the cells that it shows, with shares that are not negative; empty for a token that shows
    /// none.</param>
    /// <exception cref="ArgumentException">A cell is outside the grid, or a share is negative or no number.</exception>
    internal static VisualLayout Create(MapGrid grid, IEnumerable<IReadOnlyList<(int Cell, float Share)>> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        List<int> starts = [0];
        List<int> cells = [];
        List<float> shares = [];
        foreach (IReadOnlyList<(int Cell, float Share)> token in tokens)
        {
            foreach ((int cell, float share) in token)
            {
                if (cell < 0 || cell >= grid.Cells || !(share >= 0) || !float.IsFinite(share))
                {
                    throw new ArgumentException(
                        $"Token {starts.Count - 1} shows cell {cell} with share {share}; expected a cell from 0 to {grid.Cells - 1} and a share that is not negative.",
                        nameof(tokens)
                    );
                }

                cells.Add(cell);
                shares.Add(share);
            }

            starts.Add(cells.Count);
        }

        return new VisualLayout(grid, [.. starts], [.. cells], [.. shares]);
    }

    /// <summary>The cells that a token shows, with their shares.</summary>
    /// <param name="token">The token, from 0.</param>
    public IReadOnlyList<(int Cell, float Share)> this[int token] =>
        [.. Enumerable.Range(_starts[token], _starts[token + 1] - _starts[token]).Select(index => (_cells[index], _shares[index]))];

    /// <summary>Lays one value a token out on the grid: each cell gets the sum of what its tokens give it.</summary>
    /// <param name="tokens">One value a token, <c>[tokens]</c>.</param>
    /// <param name="cells">Receives one value a cell, <c>[gridHeight, gridWidth]</c>.</param>
    /// <exception cref="ArgumentException">A length is not that of the layout.</exception>
    public void Apply(ReadOnlySpan<float> tokens, Span<float> cells)
    {
        if (tokens.Length != Tokens || cells.Length != Grid.Cells)
        {
            throw new ArgumentException(
                $"{Tokens} tokens and {Grid.Cells} cells were expected, found {tokens.Length} and {cells.Length}.",
                nameof(tokens)
            );
        }

        if (IsRowByRow)
        {
            tokens.CopyTo(cells);
            return;
        }

        cells.Clear();
        for (int token = 0; token < tokens.Length; token++)
        {
            for (int index = _starts[token]; index < _starts[token + 1]; index++)
            {
                cells[_cells[index]] += _shares[index] * tokens[token];
            }
        }
    }

    /// <summary>Lays several rows of one value a token out, one after the other.</summary>
    /// <param name="rows"><c>[rows, tokens]</c>.</param>
    /// <returns><c>[rows, gridHeight, gridWidth]</c>.</returns>
    internal float[] Apply(float[] rows)
    {
        if (IsRowByRow)
        {
            return rows;
        }

        float[] maps = new float[rows.Length / Tokens * Grid.Cells];
        for (int row = 0; row < rows.Length / Tokens; row++)
        {
            Apply(rows.AsSpan(row * Tokens, Tokens), maps.AsSpan(row * Grid.Cells, Grid.Cells));
        }

        return maps;
    }

    /// <summary>
    /// Lays a mask out, whose maximum is 1 afterwards too, also where cells are shown by several tokens or the largest value by none.
    /// </summary>
    /// <param name="tokens">One value a token, <c>[tokens]</c>.</param>
    /// <param name="mask">Receives one value a cell, <c>[gridHeight, gridWidth]</c>; all zero stays zero.</param>
    internal void ApplyMask(ReadOnlySpan<float> tokens, Span<float> mask)
    {
        Apply(tokens, mask);
        float largest = 0;
        foreach (float value in mask)
        {
            largest = Math.Max(largest, value);
        }

        for (int cell = 0; cell < mask.Length && largest > 0 && !IsRowByRow; cell++)
        {
            mask[cell] /= largest;
        }
    }

    /// <summary>The tokens that show any of some cells, <c>[tokens]</c>.</summary>
    internal bool[] TokensOf(ReadOnlySpan<bool> cells)
    {
        bool[] tokens = new bool[Tokens];
        for (int token = 0; token < Tokens; token++)
        {
            for (int index = _starts[token]; index < _starts[token + 1] && !tokens[token]; index++)
            {
                tokens[token] = cells[_cells[index]] && _shares[index] > 0;
            }
        }

        return tokens;
    }

    /// <summary>
    /// The token that shows each cell best: the one with the largest share in it, the last among equals, since a whole view as fine as its
    /// only tile stands before it; -1 where none does.
    /// </summary>
    internal int[] TokenOfCell()
    {
        int[] best = [.. Enumerable.Repeat(-1, Grid.Cells)];
        float[] share = new float[Grid.Cells];
        for (int token = 0; token < Tokens; token++)
        {
            for (int index = _starts[token]; index < _starts[token + 1]; index++)
            {
                if (_shares[index] > 0 && _shares[index] >= share[_cells[index]])
                {
                    best[_cells[index]] = token;
                    share[_cells[index]] = _shares[index];
                }
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public bool Equals(VisualLayout? other) =>
        other is not null
        && Grid == other.Grid
        && _starts.AsSpan().SequenceEqual(other._starts)
        && _cells.AsSpan().SequenceEqual(other._cells)
        && _shares.AsSpan().SequenceEqual(other._shares);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VisualLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Grid, Tokens, _cells.Length);
}
