using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Scoring;

/// <summary>
/// The key points that count for each query: as the user stated them, else as the data describes them, else the point of the query's name.
/// </summary>
internal sealed class QueryKeyPoints
{
    private readonly IReadOnlyList<string> _queries;
    private readonly KeyPointDescription _description;
    private readonly bool[] _unknown;

    /// <summary>Looks up the points of each query.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="stated">The table that the user stated, if any; it need not have all queries.</param>
    /// <param name="description">What the data says.</param>
    /// <param name="points">The number of points of an image.</param>
    /// <param name="component">The component, for messages.</param>
    /// <param name="option">The option of <paramref name="stated"/>, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point.</exception>
    public QueryKeyPoints(
        IReadOnlyList<string> queries,
        IReadOnlyDictionary<string, IReadOnlyList<int>>? stated,
        KeyPointDescription description,
        int points,
        string component,
        string option
    )
    {
        (_queries, _description) = (queries, description);
        _unknown = new bool[queries.Count];
        Indices = new int[queries.Count][];
        for (int query = 0; query < Indices.Length; query++)
        {
            int[]? found = Find(queries[query], stated, description);
            _unknown[query] = found is null;
            Indices[query] = found ?? [];
            if (Array.Exists(Indices[query], index => index < 0 || index >= points))
            {
                throw SchemaMismatch.Because(
                    $"{component}: the key points [{string.Join(", ", Indices[query])}] of query '{queries[query]}' must be from 0 to {points - 1}, "
                        + $"since an image has {points} points. Correct {option}, or the annotations of the key points."
                );
            }
        }
    }

    /// <summary>For each query the indices of its points; empty where it is not scored.</summary>
    public int[][] Indices { get; }

    /// <summary>As a table, which has every query.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Table
    {
        get
        {
            Dictionary<string, IReadOnlyList<int>> table = new(StringComparer.Ordinal);
            for (int query = 0; query < Indices.Length; query++)
            {
                table.TryAdd(_queries[query], Indices[query]);
            }

            return table;
        }
    }

    /// <summary>Says which queries nothing is known about, so that they are not scored.</summary>
    /// <param name="channel">The log.</param>
    /// <param name="component">The component, for messages.</param>
    /// <param name="option">The option that takes a table, for messages.</param>
    public void WarnOfUnscored(IChannel channel, string component, string option)
    {
        string[] unscored = [.. _queries.Where((_, query) => _unknown[query]).Select(query => $"'{query}'")];
        if (unscored.Length > 0)
        {
            string known = string.Join(", ", _description.KeyPointTable.Keys.Union(_description.Names));
            channel.Warning(
                MessageSensitivity.UserData,
                $"{component}: not scored, because no key point is known for it: {string.Join(", ", unscored)}. State points in {option}; "
                    + $"the data has {(known.Length > 0 ? $"points for: {known}" : "no names of points")}."
            );
        }
    }

    /// <summary>
    /// The points that count for a query, whether or not an image has them; <see langword="null"/> where nothing is known about it.
    /// </summary>
    public static int[]? Find(string query, IReadOnlyDictionary<string, IReadOnlyList<int>>? stated, KeyPointDescription description)
    {
        if (
            stated?.TryGetValue(query, out IReadOnlyList<int>? indices) == true
            || description.KeyPointTable.TryGetValue(query, out indices)
        )
        {
            return [.. indices];
        }

        int[] named = [.. Enumerable.Range(0, description.Names.Count).Where(point => description.Names[point] == query)];
        return named.Length > 0 ? named : null;
    }
}
