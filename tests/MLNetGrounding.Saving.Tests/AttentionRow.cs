using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Saving;

/// <summary>One row of random attention, as attention extraction and the CUB loader make it.</summary>
internal sealed class AttentionRow
{
    public const int Queries = 2;
    public const int Layers = 3;
    public const int Heads = 4;
    public const int Grid = 4;
    public const int Tokens = (Grid * Grid) + 2;

    public static readonly string[] QueryNames = ["beak", "eye"];

    public string Species { get; set; } = "";

    [VectorType(Queries, Layers, Heads, Grid, Grid)]
    public float[] FineAttention { get; set; } = [];

    [VectorType(Layers, Heads, Grid, Grid)]
    public float[] CoarseAttention { get; set; } = [];

    [VectorType(Layers, Tokens, Tokens)]
    public float[] CoarseFlow { get; set; } = [];

    [VectorType(Layers, Tokens)]
    public float[] FlowRowSums { get; set; } = [];

    [VectorType(ImageGeometry.Length)]
    public float[] Geometry { get; set; } = [];

    [VectorType(Grid, Grid, 3)]
    public float[] PatchFeatures { get; set; } = [];

    [VectorType(15, 2)]
    public float[] KeyPoints { get; set; } = [];

    [VectorType(15)]
    public float[] KeyPointVisible { get; set; } = [];

    public static IDataView View(MLContext ml, int rows = 6)
    {
        var random = new Random(1);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(row => Make(row, random)).ToArray());
    }

    private static AttentionRow Make(int row, Random random)
    {
        float[] geometry = new float[ImageGeometry.Length];
        SquareGeometry.Create(ImageFit.Pad, 100, 60 + row, 56, Grid).CopyTo(geometry);
        float[] flow = [.. Enumerable.Range(0, Layers * Tokens * Tokens).Select(_ => random.NextSingle() / Tokens)];
        return new AttentionRow
        {
            Species = row % 2 == 0 ? "wren" : "jay",
            FineAttention = Maps(random, Queries * Layers * Heads),
            CoarseAttention = Maps(random, Layers * Heads),
            CoarseFlow = flow,
            FlowRowSums = [.. flow.Chunk(Tokens).Select(sums => sums.Sum() + 0.1f)],
            PatchFeatures = [.. Enumerable.Range(0, Grid * Grid * 3).Select(_ => random.NextSingle() - 0.5f)],
            Geometry = geometry,
            KeyPoints = [.. Enumerable.Range(0, 30).Select(_ => random.NextSingle() * 60)],
            KeyPointVisible = [.. Enumerable.Range(0, 15).Select(_ => random.Next(3) == 0 ? 0f : 1f)],
        };
    }

    /// <summary>Maps of one peak each over some noise, so that some heads are kept and some are not.</summary>
    private static float[] Maps(Random random, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .SelectMany(_ =>
                {
                    float noise = random.Next(2) == 0 ? 0.002f : 0.06f;
                    float[] map = [.. Enumerable.Range(0, Grid * Grid).Select(_ => random.NextSingle() * noise)];
                    map[random.Next(map.Length)] += 0.5f;
                    return map;
                }),
        ];
}
