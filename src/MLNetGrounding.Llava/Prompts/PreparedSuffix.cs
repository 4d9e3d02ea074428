namespace MLNetGrounding.Llava;

/// <summary>The tokens of one query after the picture.</summary>
/// <param name="Query">The query.</param>
/// <param name="TokenIds">The tokens.</param>
/// <param name="Rows">Positions within <paramref name="TokenIds"/> whose attention rows are averaged into the query's map, ascending.</param>
internal sealed record PreparedSuffix(AttentionQuery Query, IReadOnlyList<int> TokenIds, IReadOnlyList<int> Rows);
