using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Scoring;

/// <summary>Looks up the key points of queries and checks that they exist.</summary>
internal static class KeyPointTable
{
    /// <summary>The number of points that a column says of which are visible; throws where the other has not two coordinates for each.</summary>
    public static int CountPoints(InputColumn keyPointInput, DataViewSchema.Column keyPoints, DataViewSchema.Column visible)
    {
        (int coordinates, int points) = (((VectorDataViewType)keyPoints.Type).Size, ((VectorDataViewType)visible.Type).Size);
        return coordinates == 2 * points
            ? points
            : throw keyPointInput.Mismatch($"{coordinates} numbers, while column '{visible.Name}' has {points} points");
    }

    /// <summary>A copy that does not change with the table, which is the user's.</summary>
    public static Dictionary<string, IReadOnlyList<int>> Copy(IReadOnlyDictionary<string, IReadOnlyList<int>> table, string option)
    {
        ArgumentNullException.ThrowIfNull(table, option);
        return table.ToDictionary(pair => pair.Key, IReadOnlyList<int> (pair) => [.. pair.Value], StringComparer.Ordinal);
    }

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
