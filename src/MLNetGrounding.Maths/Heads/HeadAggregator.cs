using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Joins the kept heads of a layer into one map (paper, section 3.1.2).</summary>
internal static class HeadAggregator
{
    /// <param name="maps">Attention, <c>[heads, cells]</c>, none negative.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="components">Finds the largest component of a kept head where only that counts.</param>
    /// <param name="kept">Which heads pass.</param>
    /// <param name="compactness">Compactness of the kept heads; needed for <see cref="HeadAggregation.MostCompact"/>.</param>
    /// <param name="layerMap">Receives the map, <c>[cells]</c>.</param>
    public static void Aggregate(
        ReadOnlySpan<float> maps,
        HeadSelectionOptions options,
        in HeadComponents components,
        ReadOnlySpan<bool> kept,
        ReadOnlySpan<double> compactness,
        Span<float> layerMap
    )
    {
        bool none = !kept.Contains(true);
        bool mean = none ? options.EmptyLayer == EmptyLayer.MeanOfAllHeads : options.HeadAggregation == HeadAggregation.Mean;
        int cells = layerMap.Length;
        double[]? sums = mean ? ArrayPool<double>.Shared.Rent(cells) : null;
        Span<double> totals = sums.AsSpan(0, mean ? cells : 0);
        totals.Clear();
        // Values are never negative, so zeros are a neutral start for the maximum too.
        layerMap.Clear();
        int count = 0;
        for (int head = 0; head < kept.Length; head++)
        {
            ReadOnlySpan<float> map = maps.Slice(head * cells, cells);
            if (none && mean)
            {
                count++;
                AddScaled(map, 0, 1, totals);
            }
            else if (
                kept[head] && (options.HeadAggregation != HeadAggregation.MostCompact || Rank(head, kept, compactness) < options.TopHeads)
            )
            {
                count++;
                AddHead(map, options, components, layerMap, totals);
            }
        }
        for (int cell = 0; cell < totals.Length; cell++)
        {
            layerMap[cell] = (float)(totals[cell] / count);
        }
        if (sums is not null)
        {
            ArrayPool<double>.Shared.Return(sums);
        }
    }

    /// <summary>How many kept heads are more compact, or as compact and earlier.</summary>
    private static int Rank(int head, ReadOnlySpan<bool> kept, ReadOnlySpan<double> compactness)
    {
        int rank = 0;
        for (int other = 0; other < kept.Length; other++)
        {
            if (kept[other] && (compactness[other] > compactness[head] || (compactness[other] == compactness[head] && other < head)))
            {
                rank++;
            }
        }
        return rank;
    }

    /// <summary>
    /// Takes the maximum with a head, cell by cell; adds it to <paramref name="totals"/> instead where that is not empty.
    /// </summary>
    private static void AddHead(
        ReadOnlySpan<float> map,
        HeadSelectionOptions options,
        in HeadComponents components,
        Span<float> maximum,
        Span<double> totals
    )
    {
        float[]? component = options.KeptArea == KeptArea.LargestComponent ? ArrayPool<float>.Shared.Rent(map.Length) : null;
        if (component is not null)
        {
            components.KeepLargest(map, component.AsSpan(0, map.Length));
            map = component.AsSpan(0, map.Length);
        }
        (double offset, double scale) = Scaling(map, options.HeadScaling);
        if (!totals.IsEmpty)
        {
            AddScaled(map, offset, scale, totals);
        }
        else if (options.HeadScaling == HeadScaling.None)
        {
            TakeMaximum(map, maximum);
        }
        else
        {
            for (int cell = 0; cell < map.Length; cell++)
            {
                maximum[cell] = Math.Max(maximum[cell], (float)((map[cell] - offset) / scale));
            }
        }
        if (component is not null)
        {
            ArrayPool<float>.Shared.Return(component);
        }
    }

    private static (double Offset, double Scale) Scaling(ReadOnlySpan<float> map, HeadScaling scaling)
    {
        if (scaling == HeadScaling.None)
        {
            return (0, 1);
        }
        if (scaling == HeadScaling.Sum)
        {
            double sum = Numbers.Sum(map);
            return (0, sum > 0 ? sum : 1);
        }
        // A constant map is all zero once its minimum is taken away.
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        return (minimum, maximum > minimum ? maximum - minimum : 1);
    }

    private static void AddScaled(ReadOnlySpan<float> map, double offset, double scale, Span<double> totals)
    {
        for (int cell = 0; cell < map.Length; cell++)
        {
            totals[cell] += (map[cell] - offset) / scale;
        }
    }

    internal static void TakeMaximum(ReadOnlySpan<float> map, Span<float> maximum)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(map);
        Span<Vector256<float>> maxima = MemoryMarshal.Cast<float, Vector256<float>>(maximum);
        for (int index = 0; index < vectors.Length; index++)
        {
            maxima[index] = Lanes.Larger(maxima[index], vectors[index]);
        }
        for (int cell = vectors.Length * Vector256<float>.Count; cell < map.Length; cell++)
        {
            maximum[cell] = Math.Max(maximum[cell], map[cell]);
        }
    }
}
