using System.Buffers;
using System.Numerics.Tensors;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Rollout;

/// <summary>The coarse mask: where the coarse word's attention comes from, over all layers (paper, section 3.2.1, equation 2).</summary>
internal static class CoarseRollout
{
    /// <summary>The mask of <see cref="RolloutForm.Tokens"/>.</summary>
    /// <param name="flow">
    /// Flow matrices, query row by key column, <c>[layers, tokens, tokens]</c>, cut to the block from the first visual token to the last
    /// token of the coarse word.
    /// </param>
    /// <param name="rowSums">
    /// Sums of the uncut rows, <c>[layers, tokens]</c>; needed for <see cref="RolloutOptions.RowNormalized"/>, may be empty otherwise.
    /// </param>
    /// <param name="layers">Number of layers, at least 1.</param>
    /// <param name="tokens">Tokens of the block; the visual tokens are the first.</param>
    /// <param name="coarsePositions">Rows of the coarse word inside the block; the mask is the mean of their rollout rows.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="mask">Receives the mask over the visual tokens, scaled to maximum 1; all zero stays zero.</param>
    /// <exception cref="ArgumentException">A value of <paramref name="flow"/> or <paramref name="rowSums"/> is NaN or infinite.</exception>
    public static void TokenMask(
        ReadOnlySpan<float> flow,
        ReadOnlySpan<float> rowSums,
        int layers,
        int tokens,
        ReadOnlySpan<int> coarsePositions,
        RolloutOptions options,
        Span<float> mask
    )
    {
        int cells = mask.Length;
        Numbers.ThrowIfLengthIsNot(checked(layers * tokens * tokens), flow.Length, "[layers, tokens, tokens]", nameof(flow));
        ThrowUnlessInside(cells, coarsePositions, tokens);
        if (options.RowNormalized)
        {
            Numbers.ThrowIfLengthIsNot(layers * tokens, rowSums.Length, "[layers, tokens]", nameof(rowSums));
        }
        double[] rented = ArrayPool<double>.Shared.Rent(2 * tokens);
        try
        {
            // Only one row of the product is wanted, so a row is sent through the layers, O(layers tokens^2), instead of multiplying
            // matrices. The mean over several positions comes first: propagation is linear.
            Span<double> row = rented.AsSpan(0, tokens);
            Span<double> next = rented.AsSpan(tokens, tokens);
            row.Clear();
            foreach (int position in coarsePositions)
            {
                row[position] += 1.0 / coarsePositions.Length;
            }
            for (int step = 0; step < layers; step++)
            {
                int layer = options.Order == RolloutOrder.TopDown ? layers - 1 - step : step;
                if (options.RowNormalized)
                {
                    DivideByRowSums(row, rowSums.Slice(layer * tokens, tokens), layer);
                }
                row.CopyTo(next);
                ReadOnlySpan<float> matrix = flow.Slice(layer * tokens * tokens, tokens * tokens);
                AddProduct(row, matrix, next);
                Rescale(next, matrix, tokens, layer);
                next.CopyTo(row);
            }
            Numbers.ScaleToMaximumOne(row[..cells], mask);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>The mask of <see cref="RolloutForm.SpatialProduct"/> and <see cref="RolloutForm.SpatialElementwise"/>.</summary>
    /// <param name="layerMaps">Layer maps of the coarse word after head selection, <c>[layers, gridHeight, gridWidth]</c>.</param>
    /// <param name="layers">Number of layers, at least 1.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid; equal to the rows for <see cref="RolloutForm.SpatialProduct"/>.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="mask">Receives the mask, <c>[gridHeight, gridWidth]</c>, scaled to maximum 1; all zero stays zero.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite, or the grid is not square where it must be.</exception>
    public static void SpatialMask(
        ReadOnlySpan<float> layerMaps,
        int layers,
        int gridHeight,
        int gridWidth,
        RolloutOptions options,
        Span<float> mask
    )
    {
        int cells = checked(gridHeight * gridWidth);
        Numbers.ThrowIfLengthIsNot(checked(layers * cells), layerMaps.Length, "[layers, gridHeight, gridWidth]", nameof(layerMaps));
        Numbers.ThrowIfLengthIsNot(cells, mask.Length, "[gridHeight, gridWidth]", nameof(mask));
        double[] rented = ArrayPool<double>.Shared.Rent(3 * cells);
        try
        {
            Span<double> product = rented.AsSpan(0, cells);
            Span<double> factor = rented.AsSpan(cells, cells);
            Span<double> next = rented.AsSpan(2 * cells, cells);
            if (options.Form == RolloutForm.SpatialElementwise)
            {
                MultiplyCells(layerMaps, layers, product);
            }
            else if (options.Form == RolloutForm.SpatialProduct && gridHeight == gridWidth)
            {
                MultiplyMatrices(layerMaps, layers, gridHeight, options, product, factor, next);
            }
            else
            {
                throw new ArgumentException(
                    options.Form == RolloutForm.SpatialProduct
                        ? $"Layer maps of {gridHeight} x {gridWidth} cells are not square, so they cannot be multiplied as matrices."
                        : $"{options.Form} needs flow matrices, not layer maps.",
                    nameof(options)
                );
            }
            Numbers.ScaleToMaximumOne(product, mask);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void MultiplyCells(ReadOnlySpan<float> layerMaps, int layers, Span<double> product)
    {
        product.Fill(1);
        for (int layer = 0; layer < layers; layer++)
        {
            ReadOnlySpan<float> map = layerMaps.Slice(layer * product.Length, product.Length);
            for (int cell = 0; cell < map.Length; cell++)
            {
                product[cell] *= 1 + (double)map[cell];
            }
            Rescale(product, map, map.Length, layer);
        }
    }

    private static void MultiplyMatrices(
        ReadOnlySpan<float> layerMaps,
        int layers,
        int size,
        RolloutOptions options,
        Span<double> product,
        Span<double> factor,
        Span<double> next
    )
    {
        product.Clear();
        for (int diagonal = 0; diagonal < size; diagonal++)
        {
            product[diagonal * size + diagonal] = 1;
        }
        for (int step = 0; step < layers; step++)
        {
            // The factor that comes last is multiplied from the right.
            int layer = options.Order == RolloutOrder.TopDown ? layers - 1 - step : step;
            ReadOnlySpan<float> map = layerMaps.Slice(layer * size * size, size * size);
            IdentityPlus(map, size, options.RowNormalized, factor);
            next.Clear();
            for (int row = 0; row < size; row++)
            {
                for (int inner = 0; inner < size; inner++)
                {
                    for (int column = 0; column < size; column++)
                    {
                        next[row * size + column] += product[row * size + inner] * factor[inner * size + column];
                    }
                }
            }
            Rescale(next, map, size, layer);
            next.CopyTo(product);
        }
    }

    private static void IdentityPlus(ReadOnlySpan<float> map, int size, bool rowNormalized, Span<double> factor)
    {
        for (int row = 0; row < size; row++)
        {
            double sum = 0.0;
            for (int column = 0; column < size; column++)
            {
                double value = map[row * size + column] + (row == column ? 1.0 : 0.0);
                factor[row * size + column] = value;
                sum += value;
            }
            for (int column = 0; rowNormalized && column < size; column++)
            {
                factor[row * size + column] /= sum;
            }
        }
    }

    private static void ThrowUnlessInside(int cells, ReadOnlySpan<int> coarsePositions, int tokens)
    {
        if (cells > tokens)
        {
            throw new ArgumentException($"The mask has {cells} visual tokens, the flow only {tokens} tokens.", nameof(tokens));
        }
        if (coarsePositions.IsEmpty)
        {
            throw new ArgumentException("The coarse word has no position.", nameof(coarsePositions));
        }
        foreach (int position in coarsePositions)
        {
            if (position < 0 || position >= tokens)
            {
                throw new ArgumentOutOfRangeException(nameof(coarsePositions), position, $"The flow has {tokens} tokens.");
            }
        }
    }

    /// <summary>Row i of I + A sums to 1 + rowSums[i]; dividing the propagated row's entries instead of the matrix is the same.</summary>
    private static void DivideByRowSums(Span<double> row, ReadOnlySpan<float> rowSums, int layer)
    {
        for (int token = 0; token < row.Length; token++)
        {
            double sum = 1 + (double)rowSums[token];
            if (!(sum > 0) || double.IsPositiveInfinity(sum))
            {
                throw new ArgumentException(
                    $"The row sum of layer {layer}, token {token} is {rowSums[token]}, expected a finite number of at least 0.",
                    nameof(rowSums)
                );
            }
            row[token] /= sum;
        }
    }

    /// <summary>
    /// Adds a row times a matrix <c>[tokens, tokens]</c>, in one pass over the matrix, in the order in which it lies in memory.
    /// </summary>
    private static void AddProduct(ReadOnlySpan<double> row, ReadOnlySpan<float> matrix, Span<double> sums)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(row.Length);
        Span<double> values = rented.AsSpan(0, row.Length);
        for (int token = 0; token < row.Length; token++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(matrix.Slice(token * row.Length, row.Length), values);
            TensorPrimitives.MultiplyAdd(values, row[token], sums, sums);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>
    /// Divides by the maximum: rows grow by a factor per layer and would overflow with enough of them, and the scale cancels when the mask
    /// is scaled.
    /// </summary>
    private static void Rescale(Span<double> values, ReadOnlySpan<float> layerValues, int width, int layer)
    {
        double maximum = 0.0;
        foreach (double value in values)
        {
            // NaN and infinity anywhere in a layer reach the sums, because 0 times either is NaN.
            if (!double.IsFinite(value))
            {
                throw NotFinite(layerValues, width, layer);
            }
            maximum = Math.Max(maximum, value);
        }
        if (maximum > 0)
        {
            foreach (ref double value in values)
            {
                value /= maximum;
            }
        }
    }

    private static ArgumentException NotFinite(ReadOnlySpan<float> layerValues, int width, int layer)
    {
        int place = 0;
        while (place < layerValues.Length - 1 && float.IsFinite(layerValues[place]))
        {
            place++;
        }
        return new ArgumentException(
            $"Layer {layer} of the coarse word's attention holds {layerValues[place]} at row {place / width}, column {place % width}; "
                + "expected finite numbers."
        );
    }
}
