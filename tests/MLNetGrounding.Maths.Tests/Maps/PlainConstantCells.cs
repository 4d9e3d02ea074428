namespace MLNetGrounding.Maths.Maps;

/// <summary>The slow, obvious twin of <see cref="ConstantCellRemoval"/>.</summary>
internal static class PlainConstantCells
{
    public static bool[] Find(IReadOnlyList<float[]> means, double factor, double agreement) =>
        [
            .. Enumerable
                .Range(0, means[0].Length)
                .Select(cell =>
                {
                    double[] factors = [.. means.Select(mean => Median(mean) == 0 ? 0 : mean[cell] / Median(mean))];
                    return means.Count >= 2 && factors.Min() >= factor && factors.Max() <= agreement * factors.Min();
                }),
        ];

    /// <summary>Rim after rim: every constant cell that touches a known one gets the mean of those it touches.</summary>
    public static float[] Fill(float[] map, MapGrid grid, bool[] constant)
    {
        Dictionary<(int Row, int Column), float> known = Enumerable
            .Range(0, grid.Cells)
            .Where(cell => !constant[cell])
            .ToDictionary(cell => (cell / grid.Width, cell % grid.Width), cell => map[cell]);
        while (known.Count > 0 && known.Count < grid.Cells)
        {
            var rim = new Dictionary<(int Row, int Column), float>();
            for (int row = 0; row < grid.Height; row++)
            {
                for (int column = 0; column < grid.Width; column++)
                {
                    float[] around =
                    [
                        .. known
                            .Where(each => Math.Max(Math.Abs(each.Key.Row - row), Math.Abs(each.Key.Column - column)) == 1)
                            .Select(each => each.Value),
                    ];
                    if (!known.ContainsKey((row, column)) && around.Length > 0)
                    {
                        rim[(row, column)] = (float)around.Average(value => (double)value);
                    }
                }
            }

            foreach (((int, int) place, float value) in rim)
            {
                known[place] = value;
            }
        }

        return known.Count == 0 ? map : [.. Enumerable.Range(0, grid.Cells).Select(cell => known[(cell / grid.Width, cell % grid.Width)])];
    }

    private static double Median(float[] values)
    {
        List<float> sorted = [.. values];
        sorted.Sort();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : ((double)sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
