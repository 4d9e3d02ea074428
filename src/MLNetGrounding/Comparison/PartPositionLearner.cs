using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Scoring.Baselines;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Comparison;

/// <summary>Learns the parts' mean positions in one pass over annotations.</summary>
internal static class PartPositionLearner
{
    private const string Name = "LearnPartPositions";

    public static IReadOnlyList<PartPosition> Learn(
        IDataView data,
        IReadOnlyList<string> queries,
        IReadOnlyDictionary<string, IReadOnlyList<int>> table,
        string boundingBoxColumnName,
        string keyPointsColumnName,
        string keyPointVisibleColumnName)
    {
        InputColumn[] inputs =
        [
            new(Name, nameof(boundingBoxColumnName), boundingBoxColumnName, NumberDataViewType.Single, ["4"]),
            new(Name, nameof(keyPointsColumnName), keyPointsColumnName, NumberDataViewType.Single, ["points", "2"]),
            new(Name, nameof(keyPointVisibleColumnName), keyPointVisibleColumnName, NumberDataViewType.Single, ["points"]),
        ];
        DataViewSchema.Column[] columns = Array.ConvertAll(inputs, input => input.Find(data.Schema));
        inputs[0].RequireSize(columns[0], 4, "a box");
        int points = KeyPointTable.CountPoints(inputs[1], columns[1], columns[2]);
        int[][] keyPoints = [.. queries.Select(query => KeyPointTable.Find(table, query, points, columns[2].Name, Name, nameof(KeyPointTable)))];
        PartPositionSums[] sums = [.. queries.Select(_ => new PartPositionSums())];
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        VectorInput[] readers = Array.ConvertAll(columns, column => new VectorInput(cursor, column));
        while (cursor.MoveNext())
        {
            ReadOnlySpan<float> box = readers[0].Read();
            ReadOnlySpan<float> places = readers[1].Read();
            ReadOnlySpan<float> visible = readers[2].Read();
            if (RowValues.AreFinite(box) && RowValues.AreFinite(places) && Numbers.AreAttention(visible))
            {
                for (int query = 0; query < sums.Length; query++)
                {
                    sums[query].Add(box, places, visible, keyPoints[query]);
                }
            }
        }

        return [.. queries.Select((query, index) => sums[index].Learn(query))];
    }
}
