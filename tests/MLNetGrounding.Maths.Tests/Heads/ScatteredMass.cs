namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// The slow, obvious twin of <see cref="SpatialEntropy"/>: labels spread until nothing changes, then shares and their entropy.
/// </summary>
internal static class ScatteredMass
{
    /// <summary>Infinite for a map without a component.</summary>
    public static double Entropy(float[] map, int height, int width, LocalizationHeadOptions options)
    {
        double level = options.MeanFactor * (map.Sum(value => (double)value) / map.Length);
        double threshold = options.ComponentThreshold * (options.ThresholdCells ?? map.Length) / map.Length;
        double[] excess = map.Select(value => Math.Max(0, value - level)).ToArray();
        int[] label = Enumerable.Range(0, map.Length).Select(cell => excess[cell] > threshold ? cell : -1).ToArray();
        for (bool changed = true; changed; )
        {
            changed = false;
            for (int cell = 0; cell < map.Length; cell++)
            {
                for (int other = 0; other < map.Length; other++)
                {
                    (int down, int right) = (Math.Abs(cell / width - other / width), Math.Abs(cell % width - other % width));
                    bool near = options.Connectivity == Connectivity.Eight ? Math.Max(down, right) == 1 : down + right == 1;
                    if (near && label[cell] >= 0 && label[other] > label[cell])
                    {
                        label[other] = label[cell];
                        changed = true;
                    }
                }
            }
        }
        double[] masses = Enumerable
            .Range(0, map.Length)
            .Where(cell => label[cell] >= 0)
            .GroupBy(cell => label[cell])
            .Select(component => component.Sum(cell => excess[cell]))
            .ToArray();
        double whole = options.SharesOfAll ? excess.Sum() : masses.Sum();
        return masses.Length == 0 ? double.PositiveInfinity : -masses.Sum(mass => mass / whole * Math.Log(mass / whole));
    }
}
