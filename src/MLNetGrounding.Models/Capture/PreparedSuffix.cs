namespace MLNetGrounding.Models.Capture;

/// <summary>The tokens of one query after the picture.</summary>
/// <param name="Query">The query.</param>
/// <param name="TokenIds">The tokens.</param>
/// <param name="RowSets">
/// For each of <see cref="PreparedPrompt.Rows"/>, the positions within <paramref name="TokenIds"/> whose attention rows are averaged into a
/// map of the query, ascending.
/// </param>
internal sealed record PreparedSuffix(AttentionQuery Query, IReadOnlyList<int> TokenIds, IReadOnlyList<IReadOnlyList<int>> RowSets)
{
    /// <summary>The positions whose rows are the map of the query.</summary>
    public IReadOnlyList<int> Rows => RowSets[0];
}
