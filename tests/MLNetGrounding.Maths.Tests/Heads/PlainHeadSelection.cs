namespace MLNetGrounding.Maths.Heads;

/// <summary>The slow, obvious twin of <see cref="HeadSelection"/>: double precision, cell by cell.</summary>
internal static class PlainHeadSelection
{
    public static LayerSelection Of(float[] maps, int heads, int height, int width, HeadSelectionOptions options)
    {
        int cells = height * width;
        bool[] kept = new bool[heads];
        double[] entropy = new double[heads];
        double[] compactness = new double[heads];
        bool[][] areas = new bool[heads][];
        float[] maximum = new float[cells];
        for (int head = 0; head < heads; head++)
        {
            float[] map = maps[(head * cells)..((head + 1) * cells)];
            entropy[head] = Entropy(map);
            bool constant = map.Max() == map.Min();
            bool[] active = constant ? new bool[cells] : Active(map, options);
            areas[head] = FloodFill.Largest(active, height, width, options.Connectivity);
            (int largest, int all) = (areas[head].Count(cell => cell), active.Count(cell => cell));
            compactness[head] = all == 0 ? 0 : (double)largest / all;
            // Rounding does not decide.
            double excess = entropy[head] - options.EntropyThreshold;
            bool focused = Math.Abs(excess) < 1e-11 || (options.EntropyDirection == EntropyDirection.KeepLow ? excess < 0 : excess > 0);
            kept[head] = !constant && focused && compactness[head] >= options.CompactnessThreshold;
        }
        IEnumerable<int> used = Enumerable.Range(0, heads).Where(head => kept[head]);
        if (options.HeadAggregation == HeadAggregation.MostCompact)
        {
            used = used.OrderByDescending(head => compactness[head]).Take(options.TopHeads);
        }
        double[][] scaled = used.Select(head => Scaled(maps[(head * cells)..((head + 1) * cells)], areas[head], options)).ToArray();
        bool mean = options.HeadAggregation == HeadAggregation.Mean;
        if (scaled.Length == 0 && options.EmptyLayer == EmptyLayer.MeanOfAllHeads)
        {
            scaled = [.. maps.Chunk(cells).Select(map => Array.ConvertAll(map, value => (double)value))];
            mean = true;
        }
        for (int cell = 0; cell < cells && scaled.Length > 0; cell++)
        {
            IEnumerable<double> values = scaled.Select(map => map[cell]);
            maximum[cell] = (float)(mean ? values.Average() : values.Max());
        }
        return new LayerSelection(maximum, kept, entropy, compactness);
    }

    private static double Entropy(float[] map)
    {
        double sum = 0.0;
        foreach (float value in map)
        {
            sum += value;
        }
        if (sum == 0 || map.Length == 1)
        {
            return 0;
        }
        double entropy = 0.0;
        foreach (float value in map)
        {
            double share = value / sum;
            entropy -= share > 0 ? share * Math.Log(share) : 0;
        }
        return entropy / Math.Log(map.Length);
    }

    private static bool[] Active(float[] map, HeadSelectionOptions options)
    {
        double minimum = map.Min();
        double maximum = map.Max();
        double sum = map.Sum(value => (double)value);
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
        double[] used = new double[map.Length];
        for (int cell = 0; cell < map.Length; cell++)
        {
            used[cell] = options.KeptArea == KeptArea.WholeMap || area[cell] ? map[cell] : 0;
        }
        (double minimum, double maximum, double sum) = (used.Min(), used.Max(), used.Sum());
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
