using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>A map of random values: cells in a random order.</summary>
internal sealed class RandomMapBaseline(MapGrid grid) : MapBaseline(grid)
{
    public override string Name => "RandomMap";

    public override string Description => "a map of random values, drawn anew for each image and query from the seed";

    public override bool TryDraw(AnnotatedImage image, int query, in BaselineRow row, Span<float> map)
    {
        var random = SplitMix64.For(row.Seed + ((ulong)query * 0x9E3779B97F4A7C15UL), row.Image);
        foreach (ref float value in map)
        {
            value = (float)random.NextDouble();
        }

        return true;
    }
}
