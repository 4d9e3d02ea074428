namespace MLNetGrounding.Maths.Rollout;

/// <summary>The slow, obvious twin of <see cref="CoarseRollout"/>: full matrix products in double, no rescaling.</summary>
internal static class MatrixRollout
{
    public static double[,] Product(double[][,] flow, RolloutOptions options, double[][]? rowSums = null)
    {
        int size = flow[0].GetLength(0);
        double[,] product = Identity(size);
        for (int layer = 0; layer < flow.Length; layer++)
        {
            double[,] factor = Identity(size);
            for (int row = 0; row < size; row++)
            {
                double sum = 1.0;
                for (int column = 0; column < size; column++)
                {
                    factor[row, column] += flow[layer][row, column];
                    sum += flow[layer][row, column];
                }
                sum = rowSums is null ? sum : 1 + rowSums[layer][row];
                for (int column = 0; options.RowNormalized && column < size; column++)
                {
                    factor[row, column] /= sum;
                }
            }
            product = options.Order == RolloutOrder.TopDown ? Multiply(factor, product) : Multiply(product, factor);
        }
        return product;
    }

    public static double[][,] Matrices(IReadOnlyList<double> values, int layers, int size)
    {
        double[][,] matrices = new double[layers][,];
        for (int layer = 0; layer < layers; layer++)
        {
            matrices[layer] = new double[size, size];
            for (int element = 0; element < size * size; element++)
            {
                matrices[layer][element / size, element % size] = values[layer * size * size + element];
            }
        }
        return matrices;
    }

    public static double[] ScaledToMaximumOne(IEnumerable<double> values)
    {
        double[] all = values.ToArray();
        double maximum = all.Max();
        return maximum > 0 ? [.. all.Select(value => value / maximum)] : all;
    }

    private static double[,] Identity(int size)
    {
        double[,] identity = new double[size, size];
        for (int diagonal = 0; diagonal < size; diagonal++)
        {
            identity[diagonal, diagonal] = 1;
        }
        return identity;
    }

    private static double[,] Multiply(double[,] left, double[,] right)
    {
        int size = left.GetLength(0);
        double[,] product = new double[size, size];
        for (int row = 0; row < size; row++)
        {
            for (int inner = 0; inner < size; inner++)
            {
                for (int column = 0; column < size; column++)
                {
                    product[row, column] += left[row, inner] * right[inner, column];
                }
            }
        }
        return product;
    }
}
