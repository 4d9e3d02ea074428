using System.Buffers;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding.Maths.Features;

/// <summary>The features of the place that a grounding map points at: the mean of the patch features, weighted by the map.</summary>
internal static class FeaturePooling
{
    /// <param name="features">Patch features, <c>[cells, length]</c>.</param>
    /// <param name="map">Grounding map, <c>[cells]</c>; values of at least 0.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="pooled">
    /// Receives the weighted mean, <c>[length]</c>. A map that prefers no cell, because it is zero or constant, weighs all cells equally.
    /// </param>
    /// <exception cref="ArgumentException">A value of <paramref name="map"/> is negative, NaN or infinite, or the lengths do not
    /// fit.</exception>
    public static void Pool(ReadOnlySpan<float> features, ReadOnlySpan<float> map, PoolingOptions options, Span<float> pooled)
    {
        Numbers.ThrowIfLengthIsNot(checked(map.Length * pooled.Length), features.Length, "[cells, length]", nameof(features));
        double[] rented = ArrayPool<double>.Shared.Rent(map.Length + pooled.Length);
        try
        {
            Span<double> weights = rented.AsSpan(0, map.Length);
            Span<double> sums = rented.AsSpan(map.Length, pooled.Length);
            Weigh(map, options, weights);
            sums.Clear();
            double total = 0.0;
            for (int cell = 0; cell < map.Length; cell++)
            {
                if (weights[cell] == 0)
                {
                    continue;
                }
                total += weights[cell];
                ReadOnlySpan<float> patch = features.Slice(cell * pooled.Length, pooled.Length);
                for (int index = 0; index < patch.Length; index++)
                {
                    sums[index] += weights[cell] * patch[index];
                }
            }
            for (int index = 0; index < pooled.Length; index++)
            {
                pooled[index] = (float)(sums[index] / total);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void Weigh(ReadOnlySpan<float> map, PoolingOptions options, Span<double> weights)
    {
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        if (minimum < 0)
        {
            throw new ArgumentException($"The map holds {minimum}; a weight is at least 0.", nameof(map));
        }
        if (maximum == minimum)
        {
            weights.Fill(1);
            return;
        }
        bool[] rented = ArrayPool<bool>.Shared.Rent(map.Length);
        Span<bool> region = rented.AsSpan(0, map.Length);
        try
        {
            if (options.Weights == PoolingWeights.MapMass)
            {
                region.Fill(true);
            }
            else
            {
                Region.Threshold(map, options.RegionThreshold, region);
            }
            for (int cell = 0; cell < map.Length; cell++)
            {
                weights[cell] =
                    !region[cell] ? 0
                    : options.Weights == PoolingWeights.Region ? 1
                    : map[cell];
            }
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(rented);
        }
    }
}
