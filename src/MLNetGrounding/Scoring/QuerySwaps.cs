namespace MLNetGrounding.Scoring;

/// <summary>The control: for each query the query whose map is scored on its part.</summary>
internal static class QuerySwaps
{
    /// <summary>
    /// Looks up the control of each query: as the user stated it, else as the data describes it; where neither says anything about any
    /// query, query k of Q has the map of query k + Q / 2, cyclically.
    /// </summary>
    /// <returns>For each query the index of the other, or -1.</returns>
    public static int[] Of(IReadOnlyList<string> queries, IReadOnlyDictionary<string, string>? stated, KeyPointDescription description)
    {
        if ((stated ?? description.SwappedQueries) is not { } swapped)
        {
            int half = queries.Count / 2;
            return [.. Enumerable.Range(0, queries.Count).Select(query => half == 0 ? -1 : (query + half) % queries.Count)];
        }

        List<string> names = [.. queries];
        return [.. names.Select(query => swapped.TryGetValue(query, out string? other) ? names.IndexOf(other) : -1)];
    }
}
