using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// Intervals of scores by resampling whole images with replacement (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
/// chapter 13: percentile intervals). The attributes of an image are drawn together, because they share its object, and all methods see the
/// same draws.
/// </summary>
internal sealed class ImageBootstrap
{
    /// <summary>How often each image was drawn, <c>[replicates, images]</c>.</summary>
    private readonly ushort[] _counts;
    private readonly int _images;

    /// <param name="images">The number of images.</param>
    /// <param name="replicates">The number of draws of as many images.</param>
    /// <param name="seed">The same seed draws the same images.</param>
    public ImageBootstrap(int images, int replicates, ulong seed)
    {
        _images = images;
        Replicates = replicates;
        _counts = new ushort[checked(images * replicates)];
        SplitMix64 random = new(seed);
        for (int replicate = 0; replicate < replicates; replicate++)
        {
            Span<ushort> counts = _counts.AsSpan(replicate * images, images);
            for (int draw = 0; draw < images; draw++)
            {
                counts[random.Next(images)]++;
            }
        }
    }

    public int Replicates { get; }

    /// <summary>Sums scores up, in the sample and in each replicate.</summary>
    /// <param name="images">The image of each row of scores, from 0; all rows of an image are drawn together.</param>
    /// <param name="scores">Scores, <c>[rows, columns]</c>. NaN: not scored, left out of its column.</param>
    /// <param name="columns">How each column is summed up.</param>
    public ResampledScores Resample(ReadOnlySpan<int> images, ReadOnlySpan<float> scores, ReadOnlySpan<ScoreColumn> columns)
    {
        Numbers.ThrowIfLengthIsNot(images.Length * columns.Length, scores.Length, "[rows, columns]", nameof(scores));
        ResampledScores result = new(columns.Length, Replicates);
        var prepared = new Column[columns.Length];
        for (int column = 0; column < columns.Length; column++)
        {
            prepared[column] = new Column(scores, column, columns.Length, images.Length, columns[column].Aggregate);
        }
        double[] weights = new double[images.Length];
        Array.Fill(weights, 1);
        for (int column = 0; column < columns.Length; column++)
        {
            result.Values[column] = prepared[column].Aggregate(weights);
        }
        for (int replicate = 0; replicate < Replicates; replicate++)
        {
            ReadOnlySpan<ushort> counts = _counts.AsSpan(replicate * _images, _images);
            for (int row = 0; row < images.Length; row++)
            {
                weights[row] = counts[images[row]];
            }
            for (int column = 0; column < columns.Length; column++)
            {
                result.Replicate(replicate)[column] = prepared[column].Aggregate(weights);
            }
        }
        return result;
    }

    private sealed class Column
    {
        private readonly ScoreAggregate _aggregate;
        private readonly double[] _values;

        /// <summary>The rows that are scored, or null where all are.</summary>
        private readonly int[]? _scored;

        /// <summary>The scored rows by their values, for medians.</summary>
        private readonly int[] _sorted = [];

        public Column(ReadOnlySpan<float> scores, int column, int columns, int rows, ScoreAggregate aggregate)
        {
            _aggregate = aggregate;
            _values = new double[rows];
            List<int> scored = [];
            for (int row = 0; row < rows; row++)
            {
                _values[row] = scores[row * columns + column];
                if (!double.IsNaN(_values[row]))
                {
                    scored.Add(row);
                }
            }
            _scored = scored.Count == rows ? null : [.. scored];
            if (aggregate == ScoreAggregate.Median)
            {
                _sorted = [.. scored];
                Array.Sort(_sorted, (one, other) => _values[one].CompareTo(_values[other]));
            }
        }

        public double Aggregate(double[] weights) => _aggregate == ScoreAggregate.Median ? Median(weights) : Mean(weights);

        private double Mean(double[] weights)
        {
            (double sum, double total) = (0.0, 0.0);
            if (_scored is null)
            {
                // Four sums on every machine: a Vector<double> has as many as the processor likes.
                (Vector256<double> sums, Vector256<double> totals) = (Vector256<double>.Zero, Vector256<double>.Zero);
                ReadOnlySpan<Vector256<double>> weightVectors = MemoryMarshal.Cast<double, Vector256<double>>(weights);
                ReadOnlySpan<Vector256<double>> valueVectors = MemoryMarshal.Cast<double, Vector256<double>>(_values);
                for (int index = 0; index < valueVectors.Length; index++)
                {
                    sums += weightVectors[index] * valueVectors[index];
                    totals += weightVectors[index];
                }
                (sum, total) = (Lanes.Sum(sums), Lanes.Sum(totals));
                for (int row = valueVectors.Length * Vector256<double>.Count; row < weights.Length; row++)
                {
                    sum += weights[row] * _values[row];
                    total += weights[row];
                }
                return sum / total;
            }
            foreach (int row in _scored)
            {
                sum += weights[row] * _values[row];
                total += weights[row];
            }
            return sum / total;
        }

        private double Median(double[] weights)
        {
            double total = 0.0;
            foreach (int row in _sorted)
            {
                total += weights[row];
            }
            if (total == 0)
            {
                return double.NaN;
            }
            // The middle one of the drawn rows in order, or the middle two.
            (double lower, double upper) = (Math.Floor((total - 1) / 2), Math.Floor(total / 2));
            (double before, double low) = (0.0, double.NaN);
            foreach (int row in _sorted)
            {
                before += weights[row];
                if (double.IsNaN(low) && before > lower)
                {
                    low = _values[row];
                }
                if (before > upper)
                {
                    return (low + _values[row]) / 2;
                }
            }
            return double.NaN;
        }
    }
}
