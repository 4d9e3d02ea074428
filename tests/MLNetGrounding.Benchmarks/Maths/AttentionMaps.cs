namespace MLNetGrounding.Benchmarks;

/// <summary>
/// Seeded attention as real heads have it: a softmax over scores of a few smooth places and noise, from flat to very peaked.
/// </summary>
internal static class AttentionMaps
{
    private const double ShareOfPicture = 0.2;

    public static float[] Of(int seed, int maps, int grid)
    {
        Random random = new(seed);
        float[] all = new float[maps * grid * grid];
        double[] scores = new double[grid * grid];
        for (int map = 0; map < maps; map++)
        {
            double sharpness = 0.3 * Math.Pow(20, random.NextDouble());
            for (int cell = 0; cell < scores.Length; cell++)
            {
                scores[cell] = 0.4 * sharpness * Normal(random);
            }

            for (int place = 0; place < 6; place++)
            {
                (double row, double column) = (random.NextDouble() * grid, random.NextDouble() * grid);
                double radius = 1 + (5 * random.NextDouble());
                double height = 2 * sharpness * Normal(random);
                for (int cell = 0; cell < scores.Length; cell++)
                {
                    double distance = Math.Pow((cell / grid) - row, 2) + Math.Pow((cell % grid) - column, 2);
                    scores[cell] += height * Math.Exp(-distance / (radius * radius));
                }
            }

            double sum = scores.Sum(Math.Exp);
            for (int cell = 0; cell < scores.Length; cell++)
            {
                all[(map * scores.Length) + cell] = (float)(ShareOfPicture * Math.Exp(scores[cell]) / sum);
            }
        }

        return all;
    }

    /// <summary>Causal flow matrices <c>[layers, tokens, tokens]</c> whose rows sum to 1.</summary>
    public static float[] Flow(int seed, int layers, int tokens)
    {
        Random random = new(seed);
        float[] flow = new float[layers * tokens * tokens];
        for (int row = 0; row < layers * tokens; row++)
        {
            int length = (row % tokens) + 1;
            for (int column = 0; column < length; column++)
            {
                flow[(row * tokens) + column] = 2 * random.NextSingle() / length;
            }
        }

        return flow;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
