namespace MLNetGrounding.Maths.Scoring;

/// <summary>Scores summed up over the images, and over the images of each bootstrap replicate.</summary>
internal sealed class ResampledScores
{
    private readonly double[] _replicates;

    public ResampledScores(int columns, int replicates)
    {
        Values = new double[columns];
        Replicates = replicates;
        _replicates = new double[checked(columns * replicates)];
    }

    /// <summary>The scores over all images, <c>[columns]</c>; NaN where nothing was scored.</summary>
    public double[] Values { get; }

    public int Replicates { get; }

    /// <summary>The scores over the images of one replicate, <c>[columns]</c>; NaN where nothing was scored.</summary>
    public Span<double> Replicate(int replicate) => _replicates.AsSpan(replicate * Values.Length, Values.Length);

    /// <summary>The mean of several, each counting the same; those without a score are left out.</summary>
    public static ResampledScores Mean(IReadOnlyList<ResampledScores> all, int columns, int replicates)
    {
        ResampledScores mean = new(columns, replicates);
        for (int column = 0; column < columns; column++)
        {
            mean.Values[column] = MeanOf(all, column, null);
            for (int replicate = 0; replicate < replicates; replicate++)
            {
                mean.Replicate(replicate)[column] = MeanOf(all, column, replicate);
            }
        }
        return mean;
    }

    /// <summary>Differences, replicate by replicate: both saw the same images, so what is common to both cancels.</summary>
    /// <param name="other">What to subtract, of the same columns and draws.</param>
    public ResampledScores Minus(ResampledScores other)
    {
        ResampledScores difference = new(Values.Length, Replicates);
        for (int column = 0; column < Values.Length; column++)
        {
            difference.Values[column] = Values[column] - other.Values[column];
        }
        for (int index = 0; index < _replicates.Length; index++)
        {
            difference._replicates[index] = _replicates[index] - other._replicates[index];
        }
        return difference;
    }

    /// <summary>A score with its percentile interval.</summary>
    /// <param name="column">Which score.</param>
    /// <param name="confidence">The share of replicates inside the interval, e.g. 0.95. Replicates without a score are left out.</param>
    public Estimate Estimate(int column, double confidence)
    {
        if (double.IsNaN(Values[column]))
        {
            return MLNetGrounding.Estimate.None;
        }
        var sorted = new List<double>(Replicates);
        for (int replicate = 0; replicate < Replicates; replicate++)
        {
            double value = Replicate(replicate)[column];
            if (!double.IsNaN(value))
            {
                sorted.Add(value);
            }
        }
        sorted.Sort();
        return new Estimate(Values[column], Quantile(sorted, (1 - confidence) / 2), Quantile(sorted, (1 + confidence) / 2));
    }

    /// <summary>The quantile between the order statistics on either side, as NumPy's default has it (Hyndman and Fan's type 7).</summary>
    internal static double Quantile(List<double> sorted, double share)
    {
        if (sorted.Count == 0)
        {
            return double.NaN;
        }
        double position = share * (sorted.Count - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    private static double MeanOf(IReadOnlyList<ResampledScores> all, int column, int? replicate)
    {
        (double sum, int count) = (0.0, 0);
        foreach (ResampledScores scores in all)
        {
            double value = replicate is { } index ? scores.Replicate(index)[column] : scores.Values[column];
            if (!double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }
        return sum / count;
    }
}
