namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// How far two numbers of the same things order them alike (Spearman, "The Proof and Measurement of Association between Two Things", 1904).
/// </summary>
internal static class RankCorrelation
{
    /// <summary>Spearman's coefficient: Pearson's of the ranks, equal numbers having the mean of their ranks.</summary>
    /// <returns>From -1 to 1; NaN where one side is the same throughout, or there are fewer than two.</returns>
    public static double Spearman(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        if (one.Length != other.Length)
        {
            throw new ArgumentException($"Numbers in pairs were expected, found {one.Length} and {other.Length}.", nameof(other));
        }

        double[] first = Ranks(one);
        double[] second = Ranks(other);
        double middle = (one.Length - 1) / 2.0;
        (double both, double left, double right) = (0, 0, 0);
        for (int index = 0; index < first.Length; index++)
        {
            both += (first[index] - middle) * (second[index] - middle);
            left += (first[index] - middle) * (first[index] - middle);
            right += (second[index] - middle) * (second[index] - middle);
        }

        return left > 0 && right > 0 ? both / Math.Sqrt(left * right) : double.NaN;
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] ranks = new double[values.Length];
        for (int index = 0; index < values.Length; index++)
        {
            (int smaller, int equal) = (0, 0);
            foreach (double value in values)
            {
                smaller += value < values[index] ? 1 : 0;
                equal += value == values[index] ? 1 : 0;
            }

            ranks[index] = smaller + ((equal - 1) / 2.0);
        }

        return ranks;
    }
}
