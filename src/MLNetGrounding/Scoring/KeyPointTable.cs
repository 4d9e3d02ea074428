using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Scoring;

/// <summary>Tables of the key points that count for each query.</summary>
internal static class KeyPointTable
{
    /// <summary>
    /// The number of points that a column says of which are visible; throws where the other has not two coordinates for each.
    /// </summary>
    public static int CountPoints(InputColumn keyPointInput, DataViewSchema.Column keyPoints, DataViewSchema.Column visible)
    {
        (int coordinates, int points) = (((VectorDataViewType)keyPoints.Type).Size, ((VectorDataViewType)visible.Type).Size);
        return coordinates == 2 * points
            ? points
            : throw keyPointInput.Mismatch($"{coordinates} numbers, while column '{visible.Name}' has {points} points");
    }

    /// <summary>A copy that does not change with the table, which is the user's.</summary>
    public static Dictionary<string, IReadOnlyList<int>>? Copy(IReadOnlyDictionary<string, IReadOnlyList<int>>? table) =>
        table?.ToDictionary(pair => pair.Key, IReadOnlyList<int> (pair) => [.. pair.Value], StringComparer.Ordinal);

    /// <summary>The fewest points that an image must have for all indices of a table to be among them.</summary>
    public static int PointsOf(IReadOnlyDictionary<string, IReadOnlyList<int>>? table) =>
        table is null ? 0 : table.Values.SelectMany(indices => indices).DefaultIfEmpty(-1).Max() + 1;
}
