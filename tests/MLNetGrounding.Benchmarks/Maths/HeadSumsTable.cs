using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Benchmarks;

/// <summary>What a report's table of all heads costs for each image, and its scores against sorting every map.</summary>
internal static class HeadSumsTable
{
    private const int Layers = 32;
    private const int Heads = 32;
    private const int Queries = 10;
    private const double Share = 0.05;

    private static readonly MapGrid Grid = new(24, 24);

    public static void Print()
    {
        float[][] maps = [.. Enumerable.Range(0, Queries).Select(query => AttentionMaps.Of(query, Layers * Heads, Grid.Width))];
        float[] fractions = [.. Enumerable.Repeat(1f, Grid.Cells)];
        VisibleKeyPoint[] points = [new(100, 100, 200), new(150, 100, 203)];
        HeadSums sums = new(Layers, Heads, new HeadSelectionOptions(), Share);
        CellOrder order = new(Grid.Cells);
        LocalizationHeadOptions places = new();
        double[] seconds = Interleaved.Seconds(
            9,
            () => Array.ForEach(maps, each => sums.Add(each, Grid, [], fractions, points)),
            () => Array.ForEach(maps, Judge),
            () => EachMap(map => SpatialEntropy.Of(map, Grid.Height, Grid.Width, places)),
            () => EachMap(map => FixedArea.IsHit(map, fractions, points, Share)),
            () => EachMap(map => FixedArea.Score(order.Of(map), fractions, points, Share)),
            Chance
        );
        MarkdownTable table = new(
            "A report's table of all heads: ten queries of one image, 32 layers x 32 heads x 24 x 24 cells, one core",
            "what",
            "ms an image"
        );
        string[] names =
        [
            "all of it",
            "entropy, compactness, kept heads",
            "spatial entropy",
            "hits at equal area",
            "the same by sorting each map",
            "chance at equal area",
        ];
        foreach ((string name, double time) in names.Zip(seconds))
        {
            table.Add(name, $"{1000 * time:f1}");
        }

        table.Print();

        void Judge(float[] each) =>
            QuerySelection.Select(
                each,
                Layers,
                Heads,
                Grid,
                new HeadSelectionOptions(),
                [],
                new bool[Layers * Heads],
                new double[Layers * Heads],
                new double[Layers * Heads]
            );

        void EachMap(ActionOnMap action)
        {
            foreach (float[] each in maps)
            {
                for (int start = 0; start < each.Length; start += Grid.Cells)
                {
                    action(each.AsSpan(start, Grid.Cells));
                }
            }
        }

        void Chance()
        {
            SplitMix64 random = new(1);
            for (int query = 0; query < Queries; query++)
            {
                FixedArea.Chance(fractions, points, Share, ref random);
            }
        }
    }

    private delegate void ActionOnMap(ReadOnlySpan<float> map);
}
