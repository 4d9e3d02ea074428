namespace MLNetGrounding;

/// <summary>Looks up the key points of queries and checks that they exist.</summary>
internal static class KeyPointTable
{
    public static int[] Find(
        IReadOnlyDictionary<string, IReadOnlyList<int>> table, string query, int points, string column, string component, string option)
    {
        if (!table.TryGetValue(query, out IReadOnlyList<int>? indices))
        {
            throw SchemaMismatch.Because(
                $"{component}: {option} has no key points for query '{query}', only for: {string.Join(", ", table.Keys)}. Add an entry; an empty one leaves the query out of the scores.");
        }

        return indices.All(index => index >= 0 && index < points)
            ? [.. indices]
            : throw SchemaMismatch.Because(
                $"{component}: the key points [{string.Join(", ", indices)}] of query '{query}' must be from 0 to {points - 1}, since column '{column}' has {points} points. Correct {option}.");
    }
}
