namespace MLNetGrounding.Attention;

/// <summary>A <see cref="VisualLayout"/> as a saved model holds it.</summary>
internal sealed record SavedLayout
{
    // Far beyond any model.
    private const int MostTokens = 1 << 20;
    private const int LargestGrid = 512;

    public required MapGrid Grid { get; init; }

    /// <summary>For each token its cells and shares in turn; <see langword="null"/> where each token shows one cell, row by row.</summary>
    public IReadOnlyList<IReadOnlyList<float>>? Tokens { get; init; }

    public static SavedLayout Of(VisualLayout layout) =>
        new()
        {
            Grid = layout.Grid,
            Tokens = layout.IsRowByRow
                ? null
                :
                [
                    .. Enumerable
                        .Range(0, layout.Tokens)
                        .Select(token => (float[])[.. layout[token].SelectMany(cell => (float[])[cell.Cell, cell.Share])]),
                ],
        };

    /// <exception cref="SavedModelException">The grid or a token is out of range.</exception>
    public VisualLayout ToLayout()
    {
        if (Grid.Height is < 1 or > LargestGrid || Grid.Width is < 1 or > LargestGrid || Tokens?.Count > MostTokens)
        {
            throw new SavedModelException(
                $"The saved model has maps of {Grid} cells and {Tokens?.Count ?? Grid.Cells} visual tokens; a grid of at most {LargestGrid} x {LargestGrid} and at most {MostTokens} tokens were expected."
            );
        }

        try
        {
            return Tokens is null
                ? VisualLayout.RowByRow(Grid)
                : VisualLayout.Create(
                    Grid,
                    Tokens.Select(token => (IReadOnlyList<(int, float)>)[.. token.Chunk(2).Select(pair => ((int)pair[0], pair[^1]))])
                );
        }
        catch (ArgumentException exception)
        {
            throw new SavedModelException($"The saved model's layout of visual tokens is damaged: {exception.Message}");
        }
    }
}
