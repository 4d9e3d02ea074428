namespace MLNetGrounding.Maths.Rollout;

/// <summary>The slow, obvious twin of <see cref="CoarseRollout"/> where full products take too long: one row, number by number.</summary>
internal static class PlainRollout
{
    public static double[] Mask(float[] flow, float[] rowSums, int layers, int tokens, int[] positions, RolloutOptions options, int cells)
    {
        double[] row = new double[tokens];
        foreach (int position in positions)
        {
            row[position] += 1.0 / positions.Length;
        }
        for (int step = 0; step < layers; step++)
        {
            int layer = options.Order == RolloutOrder.TopDown ? layers - 1 - step : step;
            if (options.RowNormalized)
            {
                row = [.. row.Select((value, token) => value / (1 + rowSums[layer * tokens + token]))];
            }
            double[] next = (double[])row.Clone();
            for (int token = 0; token < tokens; token++)
            {
                for (int column = 0; column < tokens; column++)
                {
                    next[column] += row[token] * flow[(layer * tokens + token) * tokens + column];
                }
            }
            row = next;
        }
        return MatrixRollout.ScaledToMaximumOne(row.Take(cells));
    }
}
