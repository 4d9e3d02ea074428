namespace ClassifyBirds;

/// <summary>A share with its 95 % interval.</summary>
internal readonly record struct Interval(double Value, double Low, double High)
{
    private const double Normal95 = 1.959964;

    /// <summary>Wilson's interval of a share of independent trials.</summary>
    public static Interval OfShare(int successes, int trials)
    {
        double share = (double)successes / trials;
        double square = Normal95 * Normal95 / trials;
        double center = (share + (square / 2)) / (1 + square);
        double half = Normal95 * Math.Sqrt((share * (1 - share) / trials) + (square / (4 * trials))) / (1 + square);
        return new Interval(share, Math.Max(0, center - half), Math.Min(1, center + half));
    }

    /// <summary>The difference of two shares over the same trials: percentiles of a bootstrap over the trials.</summary>
    public static Interval OfDifference(IReadOnlyList<bool> first, IReadOnlyList<bool> second, int seed, int samples = 10_000)
    {
        int[] differences = [.. first.Zip(second, (one, other) => (one ? 1 : 0) - (other ? 1 : 0))];
        var random = new Random(seed);
        double[] means = new double[samples];
        for (int sample = 0; sample < samples; sample++)
        {
            int sum = 0;
            for (int draw = 0; draw < differences.Length; draw++)
            {
                sum += differences[random.Next(differences.Length)];
            }

            means[sample] = (double)sum / differences.Length;
        }

        Array.Sort(means);
        return new Interval(differences.Average(), means[(int)(0.025 * samples)], means[(int)(0.975 * samples)]);
    }
}
