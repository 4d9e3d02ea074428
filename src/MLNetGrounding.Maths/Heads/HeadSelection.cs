using System.Buffers;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Head selection and aggregation of one layer (paper, section 3.1).</summary>
/// <remarks>
/// Decisions are those of double precision throughout: a value is compared in single precision only with the smallest one that passes, and
/// an entropy close to its threshold is computed again in double precision.
/// </remarks>
internal static class HeadSelection
{
    /// <param name="maps">Attention of one query in one layer, <c>[heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="layerMap">Receives the aggregated map, <c>[gridHeight, gridWidth]</c>; may be empty where only the heads are
    /// wanted.</param>
    /// <param name="kept">Receives which heads pass both thresholds.</param>
    /// <param name="entropy">Receives each head's normalized entropy, to a relative error of 1e-6; may be empty.</param>
    /// <param name="compactness">
    /// Receives each head's compactness, 0 where nothing is active or the map is constant; may be empty, which spares the heads that
    /// entropy drops.
    /// </param>
    /// <exception cref="ArgumentException">A value of <paramref name="maps"/> is negative, NaN or infinite.</exception>
    public static void Select(
        ReadOnlySpan<float> maps,
        int heads,
        int gridHeight,
        int gridWidth,
        HeadSelectionOptions options,
        Span<float> layerMap,
        Span<bool> kept,
        Span<double> entropy,
        Span<double> compactness
    )
    {
        int cells = checked(gridHeight * gridWidth);
        Numbers.ThrowIfLengthIsNot(checked(heads * cells), maps.Length, "[heads, gridHeight, gridWidth]", nameof(maps));
        Numbers.ThrowIfLengthIsNot(heads, kept.Length, "[heads]", nameof(kept));
        ThrowIfFilledLengthIsNot(cells, layerMap.Length, "[gridHeight, gridWidth]", nameof(layerMap));
        ThrowIfFilledLengthIsNot(heads, entropy.Length, "[heads]", nameof(entropy));
        ThrowIfFilledLengthIsNot(heads, compactness.Length, "[heads]", nameof(compactness));

        using var components = new HeadComponents(gridHeight, gridWidth, options);
        bool ranked = options.HeadAggregation == HeadAggregation.MostCompact && !layerMap.IsEmpty;
        double[]? shares = compactness.IsEmpty && ranked ? ArrayPool<double>.Shared.Rent(heads) : null;
        Span<double> compactnessOfKept = shares is null ? compactness : shares.AsSpan(0, heads);
        for (int head = 0; head < heads; head++)
        {
            ReadOnlySpan<float> map = maps.Slice(head * cells, cells);
            var statistics = MapStatistics.Of(map, head);
            double estimate = NormalizedEntropy.Estimate(map, statistics.Maximum);
            if (Math.Abs(estimate - options.EntropyThreshold) <= NormalizedEntropy.EstimateError)
            {
                estimate = NormalizedEntropy.Exact(map);
            }
            if (!entropy.IsEmpty)
            {
                entropy[head] = estimate;
            }
            bool passes = !statistics.IsConstant && options.EntropyPasses(estimate);
            double share = passes || !compactness.IsEmpty ? components.Compactness(map, statistics) : 0;
            kept[head] = passes && share >= options.CompactnessThreshold;
            if (!compactnessOfKept.IsEmpty)
            {
                compactnessOfKept[head] = share;
            }
        }
        if (!layerMap.IsEmpty)
        {
            HeadAggregator.Aggregate(maps, options, components, kept, compactnessOfKept, layerMap);
        }
        if (shares is not null)
        {
            ArrayPool<double>.Shared.Return(shares);
        }
    }

    private static void ThrowIfFilledLengthIsNot(int expected, int actual, string shape, string parameter)
    {
        if (actual != 0)
        {
            Numbers.ThrowIfLengthIsNot(expected, actual, shape, parameter);
        }
    }
}
