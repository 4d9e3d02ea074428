namespace MLNetGrounding.Models.Capture;

/// <summary>
/// The slow, obvious way of following attention: whole matrices of tokens by tokens in double precision, multiplied layer by layer.
/// </summary>
internal static class MatrixFlow
{
    /// <summary>The row of the flow at <paramref name="positions"/>, averaged, over the visual tokens.</summary>
    /// <param name="attention">Softmax attention of one query's whole sequence, <c>[layers][heads][n, n]</c>.</param>
    /// <param name="options">How heads and layers are joined.</param>
    /// <param name="positions">Rows in the whole sequence.</param>
    /// <param name="imageStart">First visual token.</param>
    /// <param name="visual">Number of visual tokens.</param>
    public static double[] Row(double[][][,] attention, TokenFlowOptions options, int[] positions, int imageStart, int visual)
    {
        int n = attention[0][0].GetLength(0);
        int first = Math.Min((int)(options.FirstLayerDepth * attention.Length), attention.Length - 1);
        double[,] flow = options.Form == TokenFlowForm.Accumulated ? new double[n, n] : Identity(n);
        for (int layer = first; layer < attention.Length; layer++)
        {
            double[,] joined = Join(attention[layer], options.Heads, imageStart, visual);
            if (options.Regularizer == CausalRegularizer.EveryMatrix)
            {
                Regularize(joined);
            }

            double[,] factor = Add(Identity(n), joined);
            flow = options.Form switch
            {
                TokenFlowForm.Accumulated => Multiply(factor, Add(Identity(n), flow)),
                TokenFlowForm.Halved => Multiply(Scale(factor, 0.5), flow),
                TokenFlowForm.Product => Multiply(joined, flow),
                _ => Multiply(factor, flow),
            };
            if (options.Regularizer == CausalRegularizer.EveryStep)
            {
                Regularize(flow);
            }
        }

        if (options.Regularizer == CausalRegularizer.Final)
        {
            Regularize(flow);
        }

        return [.. Enumerable.Range(imageStart, visual).Select(column => positions.Average(row => flow[row, column]))];
    }

    private static double[,] Join(double[][,] heads, HeadWeighting weighting, int imageStart, int visual)
    {
        int n = heads[0].GetLength(0);
        double[] weights =
        [
            .. heads.Select(head =>
                weighting == HeadWeighting.Equal
                    ? 1
                    : Enumerable
                        .Range(0, n)
                        .Average(row =>
                            (weighting == HeadWeighting.LargestKey ? Enumerable.Range(0, n) : Enumerable.Range(imageStart, visual)).Max(
                                key => head[row, key]
                            )
                        )
            ),
        ];
        double strongest = weighting == HeadWeighting.LargestVisualKey ? weights.Max() : 1;
        double[,] joined = new double[n, n];
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                joined[row, column] = heads.Select((head, index) => weights[index] / strongest * head[row, column]).Average();
            }
        }

        return joined;
    }

    private static void Regularize(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                matrix[row, column] *= (column + 1.0) / n;
            }
        }
    }

    private static double[,] Identity(int n)
    {
        double[,] identity = new double[n, n];
        for (int index = 0; index < n; index++)
        {
            identity[index, index] = 1;
        }

        return identity;
    }

    private static double[,] Add(double[,] left, double[,] right) => Map(left, (row, column) => left[row, column] + right[row, column]);

    private static double[,] Scale(double[,] matrix, double factor) => Map(matrix, (row, column) => factor * matrix[row, column]);

    private static double[,] Multiply(double[,] left, double[,] right) =>
        Map(left, (row, column) => Enumerable.Range(0, left.GetLength(0)).Sum(inner => left[row, inner] * right[inner, column]));

    private static double[,] Map(double[,] like, Func<int, int, double> value)
    {
        int n = like.GetLength(0);
        double[,] result = new double[n, n];
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                result[row, column] = value(row, column);
            }
        }

        return result;
    }
}
