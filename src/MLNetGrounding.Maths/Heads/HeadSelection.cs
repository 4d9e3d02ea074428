using System.Buffers;

namespace MLNetGrounding.Maths;

/// <summary>Head selection and aggregation of one layer (paper, section 3.1).</summary>
internal static class HeadSelection
{
    /// <param name="maps">Attention of one query in one layer, <c>[heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="layerMap">Receives the aggregated map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="kept">Receives which heads pass both thresholds.</param>
    /// <param name="entropy">Receives each head's normalised entropy.</param>
    /// <param name="compactness">Receives each head's compactness; 0 where nothing is active or the map is constant.</param>
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
        Span<double> compactness)
    {
        var cells = checked(gridHeight * gridWidth);
        Numbers.ThrowIfLengthIsNot(checked(heads * cells), maps.Length, "[heads, gridHeight, gridWidth]", nameof(maps));
        Numbers.ThrowIfLengthIsNot(cells, layerMap.Length, "[gridHeight, gridWidth]", nameof(layerMap));
        Numbers.ThrowIfLengthIsNot(heads, kept.Length, "[heads]", nameof(kept));
        Numbers.ThrowIfLengthIsNot(heads, entropy.Length, "[heads]", nameof(entropy));
        Numbers.ThrowIfLengthIsNot(heads, compactness.Length, "[heads]", nameof(compactness));

        var areas = ArrayPool<bool>.Shared.Rent(checked((heads + 1) * cells));
        var totals = ArrayPool<double>.Shared.Rent(cells);
        try
        {
            var active = areas.AsSpan(heads * cells, cells);
            for (var head = 0; head < heads; head++)
            {
                var map = maps.Slice(head * cells, cells);
                var statistics = MapStatistics.Of(map, head);
                entropy[head] = NormalizedEntropy(map, statistics.Sum);
                compactness[head] = Compactness(
                    map, gridHeight, gridWidth, statistics, options, active, areas.AsSpan(head * cells, cells));
                kept[head] = !statistics.IsConstant
                    && (options.EntropyDirection == EntropyDirection.KeepLow
                        ? entropy[head] <= options.EntropyThreshold
                        : entropy[head] >= options.EntropyThreshold)
                    && compactness[head] >= options.CompactnessThreshold;
            }
            Aggregate(maps, heads, cells, areas, options, kept, compactness, totals.AsSpan(0, cells));
            for (var cell = 0; cell < cells; cell++)
            {
                layerMap[cell] = (float)totals[cell];
            }
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(areas);
            ArrayPool<double>.Shared.Return(totals);
        }
    }

    /// <summary>-sum p ln p / ln cells, with p = map / sum; 0 for a zero map.</summary>
    private static double NormalizedEntropy(ReadOnlySpan<float> map, double sum)
    {
        if (sum == 0 || map.Length == 1)
        {
            return 0;
        }
        var entropy = 0.0;
        foreach (var value in map)
        {
            if (value > 0)
            {
                var share = value / sum;
                entropy -= share * Math.Log(share);
            }
        }
        return entropy / Math.Log(map.Length);
    }

    /// <summary>Cells of the largest component over active cells; marks that component in <paramref name="area"/>.</summary>
    private static double Compactness(
        ReadOnlySpan<float> map,
        int gridHeight,
        int gridWidth,
        in MapStatistics statistics,
        HeadSelectionOptions options,
        Span<bool> active,
        Span<bool> area)
    {
        if (statistics.IsConstant)
        {
            area.Clear();
            return 0;
        }
        var (offset, scale) = options.ActiveScaling switch
        {
            ActiveScaling.MinMax => (statistics.Minimum, statistics.Maximum - statistics.Minimum),
            ActiveScaling.Maximum => (0, statistics.Maximum),
            ActiveScaling.Sum => (0, statistics.Sum),
            _ => (0, 1),
        };
        var count = 0;
        for (var cell = 0; cell < map.Length; cell++)
        {
            active[cell] = (map[cell] - offset) / scale >= options.ActiveThreshold;
            count += active[cell] ? 1 : 0;
        }
        var largest = ConnectedComponents.Largest(active, gridHeight, gridWidth, options.Connectivity, area);
        return count == 0 ? 0 : (double)largest / count;
    }

    private static void Aggregate(
        ReadOnlySpan<float> maps,
        int heads,
        int cells,
        ReadOnlySpan<bool> areas,
        HeadSelectionOptions options,
        ReadOnlySpan<bool> kept,
        ReadOnlySpan<double> compactness,
        Span<double> totals)
    {
        totals.Clear();
        var aggregated = 0;
        for (var head = 0; head < heads; head++)
        {
            if (!kept[head] || (options.HeadAggregation == HeadAggregation.MostCompact && Rank(head, kept, compactness) >= options.TopHeads))
            {
                continue;
            }
            aggregated++;
            var area = options.KeptArea == KeptArea.LargestComponent ? areas.Slice(head * cells, cells) : default;
            AddHead(maps.Slice(head * cells, cells), area, options, totals);
        }
        if (aggregated == 0 && options.EmptyLayer == EmptyLayer.MeanOfAllHeads)
        {
            for (var index = 0; index < maps.Length; index++)
            {
                totals[index % cells] += maps[index];
            }
            Divide(totals, heads);
        }
        else if (options.HeadAggregation == HeadAggregation.Mean && aggregated > 0)
        {
            Divide(totals, aggregated);
        }
    }

    /// <summary>How many kept heads are more compact, or as compact and earlier.</summary>
    private static int Rank(int head, ReadOnlySpan<bool> kept, ReadOnlySpan<double> compactness)
    {
        var rank = 0;
        for (var other = 0; other < kept.Length; other++)
        {
            if (kept[other] && (compactness[other] > compactness[head] || (compactness[other] == compactness[head] && other < head)))
            {
                rank++;
            }
        }
        return rank;
    }

    /// <summary>Adds a head, or takes the maximum with it, cell by cell. Values are never negative, so zeros are a neutral start for both.</summary>
    private static void AddHead(ReadOnlySpan<float> map, ReadOnlySpan<bool> area, HeadSelectionOptions options, Span<double> totals)
    {
        var (minimum, maximum, sum) = (double.PositiveInfinity, 0.0, 0.0);
        for (var cell = 0; cell < map.Length; cell++)
        {
            double value = area.IsEmpty || area[cell] ? map[cell] : 0;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            sum += value;
        }
        // A constant map is all zero once its minimum is taken away.
        var (offset, scale) = options.HeadScaling switch
        {
            HeadScaling.MinMax => (minimum, maximum > minimum ? maximum - minimum : 1),
            HeadScaling.Sum => (0, sum > 0 ? sum : 1),
            _ => (0, 1),
        };
        for (var cell = 0; cell < map.Length; cell++)
        {
            var value = ((area.IsEmpty || area[cell] ? map[cell] : 0) - offset) / scale;
            totals[cell] = options.HeadAggregation == HeadAggregation.Mean ? totals[cell] + value : Math.Max(totals[cell], value);
        }
    }

    private static void Divide(Span<double> totals, int count)
    {
        foreach (ref var total in totals)
        {
            total /= count;
        }
    }
}
