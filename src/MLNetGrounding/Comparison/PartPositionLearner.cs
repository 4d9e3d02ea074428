using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
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
        IHostEnvironment environment,
        IDataView data,
        IReadOnlyList<string>? queries,
        IReadOnlyDictionary<string, IReadOnlyList<int>>? keyPointTable,
        string boundingBoxColumnName,
        string keyPointsColumnName,
        string keyPointVisibleColumnName
    )
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
        var description = KeyPointDescription.Of(columns[1], columns[2]);
        queries ??= Described(description, keyPointTable);
        if (queries.Count == 0)
        {
            throw new ArgumentException(
                $"{Name}: column '{columns[1].Name}' does not say which words its points are for. Name the {nameof(queries)}.",
                nameof(queries)
            );
        }

        QueryKeyPoints keyPoints = new(queries, keyPointTable, description, points, Name, nameof(keyPointTable));
        using (IChannel channel = environment.Register(Name).Start(nameof(Learn)))
        {
            keyPoints.WarnOfUnscored(channel, Name, nameof(keyPointTable));
        }

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
                    sums[query].Add(box, places, visible, keyPoints.Indices[query]);
                }
            }
        }

        return [.. queries.Select((query, index) => sums[index].Learn(query))];
    }

    /// <summary>The words that something is known about: those of a stated table, else of the data's, else the points' names.</summary>
    private static string[] Described(KeyPointDescription description, IReadOnlyDictionary<string, IReadOnlyList<int>>? keyPointTable) =>
        [
            .. keyPointTable?.Keys
                ?? (
                    description.KeyPointTable.Count > 0
                        ? description.KeyPointTable.Keys
                        : description.Names.Distinct(StringComparer.Ordinal)
                ),
        ];
}
