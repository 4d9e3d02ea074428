namespace MLNetGrounding.Testing;

/// <summary>The prompt of a golden checkpoint: token ids of the shared prefix and of one suffix per query.</summary>
/// <param name="ImageTokenIndex">The placeholder's id, expanded to <paramref name="ImageTokens"/> copies.</param>
/// <param name="ImageTokens">Number of visual tokens, the square of the grid's side.</param>
/// <param name="Prefix">Ids before the image.</param>
/// <param name="ImageStart">Position of the first visual token.</param>
/// <param name="ImageEnd">Position after the last visual token.</param>
/// <param name="Suffixes">Ids after the image, one array per query.</param>
/// <param name="TargetInSuffix">Position of the queried token inside its suffix, per query.</param>
/// <param name="TargetPositions">Position of the queried token in the whole sequence, per query.</param>
/// <param name="CoarseQuery">Index of the coarse query.</param>
/// <param name="FineQueries">Indices of the fine queries.</param>
public sealed record GoldenPrompt(
    int ImageTokenIndex,
    int ImageTokens,
    int[] Prefix,
    int ImageStart,
    int ImageEnd,
    int[][] Suffixes,
    int[] TargetInSuffix,
    int[] TargetPositions,
    int CoarseQuery,
    int[] FineQueries
)
{
    /// <summary>Cells per side of the grid.</summary>
    public int Grid => (int)Math.Round(Math.Sqrt(ImageTokens));
}
