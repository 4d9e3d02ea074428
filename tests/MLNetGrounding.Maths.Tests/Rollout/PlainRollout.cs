namespace MLNetGrounding.Maths.Rollout;

/// <summary>The slow, obvious twin of <see cref="CoarseRollout"/> where full products take too long: one row, number by number.</summary>
internal static class PlainRollout
{
    public static double[] Mask(float[] flow, float[] rowSums, int layers, int tokens, int[] positions, RolloutOptions options, int cells)
    {
        var row = new double[tokens];
        foreach (var position in positions)
        {
            row[position] += 1.0 / positions.Length;
        }
        for (var step = 0; step < layers; step++)
        {
            var layer = options.Order == RolloutOrder.TopDown ? layers - 1 - step : step;
            if (options.RowNormalized)
            {
                row = [.. row.Select((value, token) => value / (1 + rowSums[layer * tokens + token]))];
            }
            var next = (double[])row.Clone();
            for (var token = 0; token < tokens; token++)
            {
                for (var column = 0; column < tokens; column++)
                {
                    next[column] += row[token] * flow[(layer * tokens + token) * tokens + column];
                }
            }
            row = next;
        }
        return MatrixRollout.ScaledToMaximumOne(row.Take(cells));
    }
}
