using System.Buffers;

namespace MLNetGrounding.Maths;

/// <summary>The grounding map: layer maps of a fine word, weighted by where the coarse word is (paper, section 3.2.2, equations 3 and 4).</summary>
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
        Span<float> groundingMap)
    {
        var cells = mask.Length;
        Numbers.ThrowIfLengthIsNot(checked(layers * cells), layerMaps.Length, "[layers, cells]", nameof(layerMaps));
        Numbers.ThrowIfLengthIsNot(cells, groundingMap.Length, "[cells]", nameof(groundingMap));
        if (options.FirstLayer >= layers)
        {
            throw new ArgumentException(
                $"{nameof(options.FirstLayer)} is {options.FirstLayer}, but there are {layers} layers, counted from 0.", nameof(options));
        }
        Numbers.Range(layerMaps, nameof(layerMaps));
        Numbers.Range(mask, nameof(mask));
        var rented = ArrayPool<double>.Shared.Rent(3 * cells);
        try
        {
            var totals = rented.AsSpan(0, cells);
            var constrained = rented.AsSpan(cells, cells);
            var layerSums = rented.AsSpan(2 * cells, cells);
            totals.Clear();
            if (options.Normalization == WeightNormalization.AcrossLayers)
            {
                SumOverLayers(layerMaps, mask, layers, layerSums);
            }
            for (var layer = options.FirstLayer; layer < layers; layer++)
            {
                var layerMap = layerMaps.Slice(layer * cells, cells);
                Constrain(layerMap, mask, constrained);
                Normalize(constrained, layerSums, options.Normalization);
                for (var cell = 0; cell < cells; cell++)
                {
                    totals[cell] += constrained[cell] * layerMap[cell];
                }
            }
            for (var cell = 0; cell < cells; cell++)
            {
                groundingMap[cell] = (float)totals[cell];
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void Constrain(ReadOnlySpan<float> layerMap, ReadOnlySpan<float> mask, Span<double> constrained)
    {
        for (var cell = 0; cell < mask.Length; cell++)
        {
            constrained[cell] = (double)layerMap[cell] * mask[cell];
        }
    }

    /// <summary>Sums the constrained maps of all layers, skipped ones included; where the sum is (nearly) zero, a tiny number instead.</summary>
    private static void SumOverLayers(ReadOnlySpan<float> layerMaps, ReadOnlySpan<float> mask, int layers, Span<double> sums)
    {
        const double Tiny = 1e-12;
        sums.Clear();
        var maximum = Tiny;
        for (var layer = 0; layer < layers; layer++)
        {
            for (var cell = 0; cell < mask.Length; cell++)
            {
                var value = (double)layerMaps[layer * mask.Length + cell] * mask[cell];
                sums[cell] += value;
                maximum = Math.Max(maximum, value);
            }
        }
        foreach (ref var sum in sums)
        {
            sum = Math.Max(sum, Tiny * maximum);
        }
    }

    /// <summary>Turns a constrained map into a weight; a constant map becomes 0 under min-max, a zero map stays 0 under every rule.</summary>
    private static void Normalize(Span<double> values, ReadOnlySpan<double> layerSums, WeightNormalization normalization)
    {
        var (minimum, maximum, sum) = (double.PositiveInfinity, double.NegativeInfinity, 0.0);
        foreach (var value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            sum += value;
        }
        var (offset, scale) = normalization switch
        {
            WeightNormalization.MinMax => (minimum, maximum - minimum),
            WeightNormalization.Sum => (0, sum),
            WeightNormalization.Maximum => (0, maximum),
            _ => (0, 1),
        };
        for (var cell = 0; cell < values.Length; cell++)
        {
            values[cell] = normalization == WeightNormalization.AcrossLayers
                ? values[cell] / layerSums[cell]
                : (values[cell] - offset) / (scale > 0 ? scale : 1);
        }
    }
}
