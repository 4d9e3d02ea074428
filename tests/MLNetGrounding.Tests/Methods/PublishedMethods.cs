namespace MLNetGrounding.Methods;

/// <summary>
/// Peers' methods written from their publications and released code, step by step on whole matrices in double precision. Nothing here
/// shares code or settings with the library.
/// </summary>
internal static class PublishedMethods
{
    /// <summary>The mean of one row over all heads and layers.</summary>
    public static double[] MeanOfAllHeads(double[][][,] attention, int row, int imageStart, int cells) =>
        Cells(cells, cell => attention.SelectMany(layer => layer).Average(head => head[row, imageStart + cell]));

    /// <summary>
    /// arXiv 2005.00928, section 3: A = 0.5 W + 0.5 I with W the mean over the heads; rollout of layer i is A(i) times that of layer i - 1.
    /// </summary>
    public static double[] Rollout(double[][][,] attention, int row, int imageStart, int cells)
    {
        double[,]? rollout = null;
        foreach (double[][,] layer in attention)
        {
            double[,] joined = Matrix(layer[0].GetLength(0), (i, j) => 0.5 * layer.Average(head => head[i, j]) + (i == j ? 0.5 : 0));
            rollout = rollout is null ? joined : Product(joined, rollout);
        }

        return Cells(cells, cell => rollout![row, imageStart + cell]);
    }

    /// <summary>arXiv 2410.05963, equations 1 to 3, with the column factor (j + 1) / n after every layer.</summary>
    public static double[] VlSam(double[][][,] attention, int row, int imageStart, int cells)
    {
        int n = attention[0][0].GetLength(0);
        double[,] flow = Matrix(n, (_, _) => 0);
        foreach (double[][,] layer in attention)
        {
            double[] weights =
            [
                .. layer.Select(head => Enumerable.Range(0, n).Average(query => Enumerable.Range(0, n).Max(key => head[query, key]))),
            ];
            double[,] joined = Matrix(n, (i, j) => layer.Select((head, index) => head[i, j] * weights[index]).Average());
            double[,] next = Product(
                Matrix(n, (i, j) => joined[i, j] + (i == j ? 1 : 0)),
                Matrix(n, (i, j) => flow[i, j] + (i == j ? 1 : 0))
            );
            flow = Matrix(n, (i, j) => next[i, j] * (j + 1) / n);
        }

        return Cells(cells, cell => flow[row, imageStart + cell]);
    }

    /// <summary>
    /// mllms_know, <c>rel_attention_llava</c>: one layer's mean over the heads at the last token, divided by that of a general prompt.
    /// </summary>
    public static double[] RelativeAttention(double[][][,] question, double[][][,] general, int layer, int imageStart, int cells)
    {
        double[] Last(double[][][,] attention) =>
            Cells(cells, cell => attention[layer].Average(head => head[head.GetLength(0) - 1, imageStart + cell]));
        return [.. Last(question).Zip(Last(general), (asked, neutral) => asked / neutral)];
    }

    /// <summary>
    /// DecAF for one frame: V-Max rollout from <paramref name="firstLayer"/> on, Gaussian of 7 and 1 with zeros around, object minus
    /// background, at least 0.
    /// </summary>
    public static double[] DecAf(double[][][,] wanted, double[][][,] background, int firstLayer, int imageStart, int grid)
    {
        double[] Smooth(double[] map)
        {
            double[] kernel = [.. Enumerable.Range(-3, 7).Select(x => Math.Exp(-x * x / 2.0))];
            double total = kernel.Sum() * kernel.Sum();
            return Cells(
                map.Length,
                cell =>
                {
                    double sum = 0;
                    for (int down = -3; down <= 3; down++)
                    {
                        for (int across = -3; across <= 3; across++)
                        {
                            (int y, int x) = (cell / grid + down, cell % grid + across);
                            sum +=
                                y >= 0 && y < grid && x >= 0 && x < grid
                                    ? kernel[down + 3] * kernel[across + 3] / total * map[y * grid + x]
                                    : 0;
                        }
                    }

                    return sum;
                }
            );
        }

        double[] Map(double[][][,] attention)
        {
            int n = attention[0][0].GetLength(0);
            double[,]? previous = null;
            foreach (double[][,] layer in attention.Skip(firstLayer))
            {
                double[] weights =
                [
                    .. layer.Select(head =>
                        Enumerable.Range(0, n).Average(query => Enumerable.Range(imageStart, grid * grid).Max(key => head[query, key]))
                    ),
                ];
                double[,] current = Matrix(
                    n,
                    (i, j) =>
                        0.5 * layer.Select((head, index) => head[i, j] * weights[index] / weights.Max()).Average() + (i == j ? 0.5 : 0)
                );
                previous = previous is null ? current : Product(current, previous);
            }

            return Smooth(Cells(grid * grid, cell => previous![n - 1, imageStart + cell]));
        }

        return [.. Map(wanted).Zip(Map(background), (asked, other) => Math.Clamp(asked - other, 0, 1))];
    }

    private static double[] Cells(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(value)];

    private static double[,] Product(double[,] left, double[,] right) =>
        Matrix(left.GetLength(0), (i, j) => Enumerable.Range(0, left.GetLength(0)).Sum(k => left[i, k] * right[k, j]));

    private static double[,] Matrix(int n, Func<int, int, double> value)
    {
        double[,] matrix = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                matrix[i, j] = value(i, j);
            }
        }

        return matrix;
    }
}
