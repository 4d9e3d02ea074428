namespace MLNetGrounding.Maths.Aggregation;

/// <summary>The slow, obvious twin of <see cref="HierarchicalAggregation"/>: one array per step, double precision.</summary>
internal static class PlainAggregation
{
    public static double[] Of(float[] layerMaps, float[] mask, int layers, AggregationOptions options)
    {
        int cells = mask.Length;
        float[][] maps = layerMaps.Chunk(cells).ToArray();
        double[][] constrained = maps.Select(map => map.Select((value, cell) => (double)value * mask[cell]).ToArray()).ToArray();
        double[][] weights =
            options.Normalization == WeightNormalization.AcrossLayers
                ? AcrossLayers(constrained, cells)
                : constrained.Select(map => Scaled(map, options.Normalization)).ToArray();
        double[] groundingMap = new double[cells];
        for (int layer = options.FirstLayer; layer < layers; layer++)
        {
            for (int cell = 0; cell < cells; cell++)
            {
                groundingMap[cell] += weights[layer][cell] * maps[layer][cell];
            }
        }
        return groundingMap;
    }

    private static double[] Scaled(double[] map, WeightNormalization normalization)
    {
        (double minimum, double maximum, double sum) = (map.Min(), map.Max(), map.Sum());
        return Array.ConvertAll(
            map,
            value =>
                normalization switch
                {
                    WeightNormalization.MinMax => maximum > minimum ? (value - minimum) / (maximum - minimum) : 0,
                    WeightNormalization.Sum => sum > 0 ? value / sum : value,
                    _ => maximum > 0 ? value / maximum : value,
                }
        );
    }

    private static double[][] AcrossLayers(double[][] maps, int cells)
    {
        double least = 1e-12 * Math.Max(maps.Max(map => map.Max()), 1e-12);
        double[] sums = Enumerable.Range(0, cells).Select(cell => Math.Max(maps.Sum(map => map[cell]), least)).ToArray();
        return [.. maps.Select(map => map.Select((value, cell) => value / sums[cell]).ToArray())];
    }
}
