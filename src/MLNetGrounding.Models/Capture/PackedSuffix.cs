namespace MLNetGrounding.Models.Capture;

/// <summary>Where a query's own tokens lie in the packed sequence.</summary>
/// <param name="Query">Index of the query.</param>
/// <param name="Start">First position in the packed sequence.</param>
/// <param name="Length">Number of tokens.</param>
/// <param name="RowSets">For each map of the query, the positions within the suffix whose rows are averaged.</param>
internal sealed record PackedSuffix(int Query, int Start, int Length, IReadOnlyList<IReadOnlyList<int>> RowSets);
