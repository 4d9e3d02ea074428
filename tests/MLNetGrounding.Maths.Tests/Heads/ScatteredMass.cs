namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// The slow, obvious twin of <see cref="SpatialEntropy"/>: labels spread until nothing changes, then shares and their entropy.
/// </summary>
internal static class ScatteredMass
{
    /// <summary>Infinite for a map without a component.</summary>
    public static double Entropy(float[] map, int height, int width, LocalizationHeadOptions options)
    {
        var level = options.MeanFactor * (map.Sum(value => (double)value) / map.Length);
        var threshold = options.ComponentThreshold * (options.ThresholdCells ?? map.Length) / map.Length;
        var excess = map.Select(value => Math.Max(0, value - level)).ToArray();
        var label = Enumerable.Range(0, map.Length).Select(cell => excess[cell] > threshold ? cell : -1).ToArray();
        for (var changed = true; changed; )
        {
            changed = false;
            for (var cell = 0; cell < map.Length; cell++)
            {
                for (var other = 0; other < map.Length; other++)
                {
                    var (down, right) = (Math.Abs(cell / width - other / width), Math.Abs(cell % width - other % width));
                    var near = options.Connectivity == Connectivity.Eight ? Math.Max(down, right) == 1 : down + right == 1;
                    if (near && label[cell] >= 0 && label[other] > label[cell])
                    {
                        label[other] = label[cell];
                        changed = true;
                    }
                }
            }
        }
        var masses = Enumerable
            .Range(0, map.Length)
            .Where(cell => label[cell] >= 0)
            .GroupBy(cell => label[cell])
            .Select(component => component.Sum(cell => excess[cell]))
            .ToArray();
        var whole = options.SharesOfAll ? excess.Sum() : masses.Sum();
        return masses.Length == 0 ? double.PositiveInfinity : -masses.Sum(mass => mass / whole * Math.Log(mass / whole));
    }
}
