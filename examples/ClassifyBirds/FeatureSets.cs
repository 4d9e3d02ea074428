using MLNetGrounding;

namespace ClassifyBirds;

/// <summary>The features that are compared: all are patch features pooled by maps, and differ in the maps only.</summary>
/// <remarks>
/// Maps that are swapped between the queries in training too would be the same features in another order, which no trainer minds. So there
/// are two controls: maps of another image throughout, and the swap where it can be told, between training and testing.
/// </remarks>
internal sealed class FeatureSets(BirdData data, int seed)
{
    private readonly int[] _others = OtherImages(data, seed);

    private int Cells => data.Grid.Cells;

    public FeatureSet WholeImage => Same("a", "mean of the whole image", ["image"], _ => [.. Enumerable.Repeat(1f, Cells)]);

    public FeatureSet Grounding => Same("b", "grounding maps", data.Queries, Grounded);

    public FeatureSet OtherImage => Same("c", "grounding maps of another image", data.Queries, row => Grounded(_others[row]));

    public FeatureSet SwappedInTest => new("c'", "as (b), tested with swapped maps", data.Queries, Grounded, Swapped);

    public FeatureSet KeyPoints => Same("d", "annotated key points (ceiling)", data.Queries, KeyPointMaps);

    public IReadOnlyList<FeatureSet> All => [WholeImage, Grounding, OtherImage, SwappedInTest, KeyPoints];

    private static FeatureSet Same(string key, string name, IReadOnlyList<string> queries, Func<int, float[]> maps) =>
        new(key, name, queries, maps, maps);

    /// <summary>For each row another one of the same half of the data.</summary>
    private static int[] OtherImages(BirdData data, int seed)
    {
        var random = new Random(seed);
        int[] others = new int[data.Rows.Count];
        foreach (IGrouping<bool, int> half in Enumerable.Range(0, others.Length).GroupBy(row => data.Rows[row].IsTrain))
        {
            // In a ring through all rows in random order no row is its own neighbor.
            int[] order = [.. half];
            random.Shuffle(order);
            for (int index = 0; index < order.Length; index++)
            {
                others[order[index]] = order[(index + 1) % order.Length];
            }
        }

        return others;
    }

    private float[] Grounded(int row) => data.Rows[row].GroundingMaps;

    private float[] Swapped(int row)
    {
        float[] swapped = [.. Grounded(row)];
        for (int query = 0; query < data.Queries.Count; query++)
        {
            int other = IndexOf(CubParts.SwappedQueries.GetValueOrDefault(data.Queries[query], data.Queries[query]));
            if (other >= 0)
            {
                Grounded(row).AsSpan(other * Cells, Cells).CopyTo(swapped.AsSpan(query * Cells));
            }
        }

        return swapped;
    }

    /// <summary>The cells of a part's visible key points; zero where none is visible, which pools the whole image.</summary>
    private float[] KeyPointMaps(int row)
    {
        BirdRow bird = data.Rows[row];
        var geometry = ImageGeometry.FromVector(bird.Geometry);
        float[] maps = new float[data.Queries.Count * Cells];
        for (int query = 0; query < data.Queries.Count; query++)
        {
            foreach (int point in BirdWords.KeyPointsOf(data.Queries[query]))
            {
                if (
                    bird.KeyPointVisible[point] == 1
                    && geometry.TryGetCell(bird.KeyPoints[2 * point], bird.KeyPoints[(2 * point) + 1], out int gridRow, out int column)
                )
                {
                    maps[(query * Cells) + (gridRow * data.Grid.Width) + column] = 1;
                }
            }
        }

        return maps;
    }

    private int IndexOf(string query) => data.Queries.ToList().IndexOf(query);
}
