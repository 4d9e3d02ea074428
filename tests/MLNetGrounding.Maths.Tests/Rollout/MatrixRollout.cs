namespace MLNetGrounding.Maths.Rollout;

/// <summary>The slow, obvious twin of <see cref="CoarseRollout"/>: full matrix products in double, no rescaling.</summary>
internal static class MatrixRollout
{
    public static double[,] Product(double[][,] flow, RolloutOptions options, double[][]? rowSums = null)
    {
        var size = flow[0].GetLength(0);
        var product = Identity(size);
        for (var layer = 0; layer < flow.Length; layer++)
        {
            var factor = Identity(size);
            for (var row = 0; row < size; row++)
            {
                var sum = 1.0;
                for (var column = 0; column < size; column++)
                {
                    factor[row, column] += flow[layer][row, column];
                    sum += flow[layer][row, column];
                }
                sum = rowSums is null ? sum : 1 + rowSums[layer][row];
                for (var column = 0; options.RowNormalized && column < size; column++)
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
        var matrices = new double[layers][,];
        for (var layer = 0; layer < layers; layer++)
        {
            matrices[layer] = new double[size, size];
            for (var element = 0; element < size * size; element++)
            {
                matrices[layer][element / size, element % size] = values[layer * size * size + element];
            }
        }
        return matrices;
    }

    public static double[] ScaledToMaximumOne(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var maximum = all.Max();
        return maximum > 0 ? [.. all.Select(value => value / maximum)] : all;
    }

    private static double[,] Identity(int size)
    {
        var identity = new double[size, size];
        for (var diagonal = 0; diagonal < size; diagonal++)
        {
            identity[diagonal, diagonal] = 1;
        }
        return identity;
    }

    private static double[,] Multiply(double[,] left, double[,] right)
    {
        var size = left.GetLength(0);
        var product = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var inner = 0; inner < size; inner++)
            {
                for (var column = 0; column < size; column++)
                {
                    product[row, column] += left[row, inner] * right[inner, column];
                }
            }
        }
        return product;
    }
}
