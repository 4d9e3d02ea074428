namespace MLNetGrounding.Maths;

/// <summary>Seeded random maps and matrices.</summary>
internal static class RandomMaps
{
    /// <summary>Non-negative maps from flat to very peaked.</summary>
    public static float[] Attention(Random random, int count, int cells)
    {
        float[] maps = new float[count * cells];
        for (int map = 0; map < count; map++)
        {
            double sharpness = 1 + 30 * random.NextDouble();
            for (int cell = 0; cell < cells; cell++)
            {
                maps[map * cells + cell] = (float)Math.Pow(random.NextDouble(), sharpness);
            }
        }
        return maps;
    }

    /// <summary>Causal flow matrices whose rows sum to about <paramref name="rowSum"/>.</summary>
    public static float[] CausalFlow(Random random, int layers, int tokens, double rowSum)
    {
        float[] flow = new float[layers * tokens * tokens];
        for (int row = 0; row < layers * tokens; row++)
        {
            int length = row % tokens + 1;
            for (int column = 0; column < length; column++)
            {
                flow[row * tokens + column] = (float)(2 * rowSum * random.NextDouble() / length);
            }
        }
        return flow;
    }
}
