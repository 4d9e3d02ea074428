using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Aggregation;

/// <summary>
/// The grounding map: layer maps of a fine word, weighted by where the coarse word is (paper, section 3.2.2, equations 3 and 4).
/// </summary>
internal static class HierarchicalAggregation
{
    /// <param name="layerMaps">Layer maps of one fine word, <c>[layers, cells]</c>.</param>
    /// <param name="mask">Coarse mask, <c>[cells]</c>; its scale does not matter.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="groundingMap">Receives the grounding map, <c>[cells]</c>.</param>
    /// <exception cref="ArgumentException">
    /// A value is NaN or infinite, or <see cref="AggregationOptions.FirstLayer"/> leaves no layer.
    /// </exception>
    public static void Aggregate(
        ReadOnlySpan<float> layerMaps,
        ReadOnlySpan<float> mask,
        int layers,
        AggregationOptions options,
        Span<float> groundingMap
    )
    {
        int cells = mask.Length;
        Numbers.ThrowIfLengthIsNot(checked(layers * cells), layerMaps.Length, "[layers, cells]", nameof(layerMaps));
        Numbers.ThrowIfLengthIsNot(cells, groundingMap.Length, "[cells]", nameof(groundingMap));
        ThrowUnlessLayerIsLeft(options, layers);
        Numbers.Range(layerMaps, nameof(layerMaps));
        Numbers.Range(mask, nameof(mask));
        double[] rented = ArrayPool<double>.Shared.Rent(2 * cells);
        try
        {
            Span<double> totals = rented.AsSpan(0, cells);
            totals.Clear();
            if (options.Normalization == WeightNormalization.AcrossLayers)
            {
                Span<double> layerSums = rented.AsSpan(cells, cells);
                SumOverLayers(layerMaps, mask, layers, layerSums);
                for (int layer = options.FirstLayer; layer < layers; layer++)
                {
                    AddShares(layerMaps.Slice(layer * cells, cells), mask, layerSums, totals);
                }
            }
            else
            {
                for (int layer = options.FirstLayer; layer < layers; layer++)
                {
                    AddWeighted(layerMaps.Slice(layer * cells, cells), mask, options.Normalization, totals);
                }
            }
            for (int cell = 0; cell < cells; cell++)
            {
                groundingMap[cell] = (float)totals[cell];
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>The sum of the layer maps, without weights.</summary>
    /// <param name="layerMaps">Layer maps of one fine word, <c>[layers, cells]</c>.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="options">Validated options; only <see cref="AggregationOptions.FirstLayer"/> counts.</param>
    /// <param name="groundingMap">Receives the sum, <c>[cells]</c>.</param>
    /// <exception cref="ArgumentException"><see cref="AggregationOptions.FirstLayer"/> leaves no layer.</exception>
    public static void Sum(ReadOnlySpan<float> layerMaps, int layers, AggregationOptions options, Span<float> groundingMap)
    {
        int cells = groundingMap.Length;
        Numbers.ThrowIfLengthIsNot(checked(layers * cells), layerMaps.Length, "[layers, cells]", nameof(layerMaps));
        ThrowUnlessLayerIsLeft(options, layers);
        for (int cell = 0; cell < cells; cell++)
        {
            double total = 0.0;
            for (int layer = options.FirstLayer; layer < layers; layer++)
            {
                total += layerMaps[layer * cells + cell];
            }
            groundingMap[cell] = (float)total;
        }
    }

    private static void ThrowUnlessLayerIsLeft(AggregationOptions options, int layers)
    {
        if (options.FirstLayer >= layers)
        {
            throw new ArgumentException(
                $"{nameof(options.FirstLayer)} is {options.FirstLayer}, but there are {layers} layers, counted from 0.",
                nameof(options)
            );
        }
    }

    /// <summary>
    /// Adds a layer map, each cell weighted by the constrained map scaled within the layer; a constant constrained map becomes 0 under
    /// min-max, a zero map stays 0 under every rule.
    /// </summary>
    private static void AddWeighted(
        ReadOnlySpan<float> layerMap,
        ReadOnlySpan<float> mask,
        WeightNormalization normalization,
        Span<double> totals
    )
    {
        (double minimum, double maximum, double sum) = Constrained(layerMap, mask);
        (double offset, double scale) = normalization switch
        {
            WeightNormalization.MinMax => (minimum, maximum - minimum),
            WeightNormalization.Sum => (0, sum),
            _ => (0, maximum),
        };
        double factor = 1 / (scale > 0 ? scale : 1);
        ReadOnlySpan<Vector128<float>> maps = MemoryMarshal.Cast<float, Vector128<float>>(layerMap);
        ReadOnlySpan<Vector128<float>> masks = MemoryMarshal.Cast<float, Vector128<float>>(mask);
        Span<Vector256<double>> sums = MemoryMarshal.Cast<double, Vector256<double>>(totals);
        for (int index = 0; index < maps.Length; index++)
        {
            Vector256<double> values = Widen(maps[index]);
            sums[index] += (values * Widen(masks[index]) - Vector256.Create(offset)) * factor * values;
        }
        for (int cell = maps.Length * Vector128<float>.Count; cell < layerMap.Length; cell++)
        {
            totals[cell] += ((double)layerMap[cell] * mask[cell] - offset) * factor * layerMap[cell];
        }
    }

    /// <summary>Extremes and sum of a layer map times the mask.</summary>
    private static (double Minimum, double Maximum, double Sum) Constrained(ReadOnlySpan<float> layerMap, ReadOnlySpan<float> mask)
    {
        ReadOnlySpan<Vector128<float>> maps = MemoryMarshal.Cast<float, Vector128<float>>(layerMap);
        ReadOnlySpan<Vector128<float>> masks = MemoryMarshal.Cast<float, Vector128<float>>(mask);
        (Vector256<double> minima, Vector256<double> maxima) = (
            Vector256.Create(double.PositiveInfinity),
            Vector256.Create(double.NegativeInfinity)
        );
        Vector256<double> sums = Vector256<double>.Zero;
        for (int index = 0; index < maps.Length; index++)
        {
            Vector256<double> values = Widen(maps[index]) * Widen(masks[index]);
            minima = Lanes.Smaller(minima, values);
            maxima = Lanes.Larger(maxima, values);
            sums += values;
        }
        (double minimum, double maximum, double sum) = (Lanes.Minimum(minima), Lanes.Maximum(maxima), Lanes.Sum(sums));
        for (int cell = maps.Length * Vector128<float>.Count; cell < layerMap.Length; cell++)
        {
            double value = (double)layerMap[cell] * mask[cell];
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            sum += value;
        }
        return (minimum, maximum, sum);
    }

    private static Vector256<double> Widen(Vector128<float> values)
    {
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(values);
        return Vector256.Create(lower, upper);
    }

    private static void AddShares(
        ReadOnlySpan<float> layerMap,
        ReadOnlySpan<float> mask,
        ReadOnlySpan<double> layerSums,
        Span<double> totals
    )
    {
        for (int cell = 0; cell < mask.Length; cell++)
        {
            totals[cell] += (double)layerMap[cell] * mask[cell] / layerSums[cell] * layerMap[cell];
        }
    }

    /// <summary>
    /// Sums the constrained maps of all layers, skipped ones included; where the sum is (nearly) zero, a tiny number instead.
    /// </summary>
    private static void SumOverLayers(ReadOnlySpan<float> layerMaps, ReadOnlySpan<float> mask, int layers, Span<double> sums)
    {
        const double Tiny = 1e-12;
        sums.Clear();
        double maximum = Tiny;
        for (int layer = 0; layer < layers; layer++)
        {
            for (int cell = 0; cell < mask.Length; cell++)
            {
                double value = (double)layerMaps[layer * mask.Length + cell] * mask[cell];
                sums[cell] += value;
                maximum = Math.Max(maximum, value);
            }
        }
        foreach (ref double sum in sums)
        {
            sum = Math.Max(sum, Tiny * maximum);
        }
    }
}
