namespace MLNetGrounding.Maths.Heads;

/// <summary>The slow, obvious twin of <see cref="HeadSelection"/>: double precision, cell by cell.</summary>
internal static class PlainHeadSelection
{
    public static LayerSelection Of(float[] maps, int heads, int height, int width, HeadSelectionOptions options)
    {
        var cells = height * width;
        var kept = new bool[heads];
        var entropy = new double[heads];
        var compactness = new double[heads];
        var areas = new bool[heads][];
        var maximum = new float[cells];
        for (var head = 0; head < heads; head++)
        {
            var map = maps[(head * cells)..((head + 1) * cells)];
            entropy[head] = Entropy(map);
            var constant = map.Max() == map.Min();
            var active = constant ? new bool[cells] : Active(map, options);
            areas[head] = FloodFill.Largest(active, height, width, options.Connectivity);
            var (largest, all) = (areas[head].Count(cell => cell), active.Count(cell => cell));
            compactness[head] = all == 0 ? 0 : (double)largest / all;
            // Rounding does not decide.
            var excess = entropy[head] - options.EntropyThreshold;
            var focused = Math.Abs(excess) < 1e-11 || (options.EntropyDirection == EntropyDirection.KeepLow ? excess < 0 : excess > 0);
            kept[head] = !constant && focused && compactness[head] >= options.CompactnessThreshold;
        }
        var used = Enumerable.Range(0, heads).Where(head => kept[head]);
        if (options.HeadAggregation == HeadAggregation.MostCompact)
        {
            used = used.OrderByDescending(head => compactness[head]).Take(options.TopHeads);
        }
        var scaled = used.Select(head => Scaled(maps[(head * cells)..((head + 1) * cells)], areas[head], options)).ToArray();
        var mean = options.HeadAggregation == HeadAggregation.Mean;
        if (scaled.Length == 0 && options.EmptyLayer == EmptyLayer.MeanOfAllHeads)
        {
            scaled = [.. maps.Chunk(cells).Select(map => Array.ConvertAll(map, value => (double)value))];
            mean = true;
        }
        for (var cell = 0; cell < cells && scaled.Length > 0; cell++)
        {
            var values = scaled.Select(map => map[cell]);
            maximum[cell] = (float)(mean ? values.Average() : values.Max());
        }
        return new LayerSelection(maximum, kept, entropy, compactness);
    }

    private static double Entropy(float[] map)
    {
        var sum = 0.0;
        foreach (var value in map)
        {
            sum += value;
        }
        if (sum == 0 || map.Length == 1)
        {
            return 0;
        }
        var entropy = 0.0;
        foreach (var value in map)
        {
            var share = value / sum;
            entropy -= share > 0 ? share * Math.Log(share) : 0;
        }
        return entropy / Math.Log(map.Length);
    }

    private static bool[] Active(float[] map, HeadSelectionOptions options)
    {
        double minimum = map.Min();
        double maximum = map.Max();
        var sum = map.Sum(value => (double)value);
        return Array.ConvertAll(
            map,
            value =>
                options.ActiveScaling switch
                {
                    ActiveScaling.MinMax => (value - minimum) / (maximum - minimum),
                    ActiveScaling.Maximum => value / maximum,
                    ActiveScaling.Sum => value / sum,
                    _ => value,
                } >= options.ActiveThreshold
        );
    }

    private static double[] Scaled(float[] map, bool[] area, HeadSelectionOptions options)
    {
        var used = new double[map.Length];
        for (var cell = 0; cell < map.Length; cell++)
        {
            used[cell] = options.KeptArea == KeptArea.WholeMap || area[cell] ? map[cell] : 0;
        }
        var (minimum, maximum, sum) = (used.Min(), used.Max(), used.Sum());
        return Array.ConvertAll(
            used,
            value =>
                options.HeadScaling switch
                {
                    HeadScaling.MinMax => maximum > minimum ? (value - minimum) / (maximum - minimum) : 0,
                    HeadScaling.Sum => sum > 0 ? value / sum : 0,
                    _ => value,
                }
        );
    }
}
