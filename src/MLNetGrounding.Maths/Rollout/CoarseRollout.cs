namespace MLNetGrounding.Maths;

/// <summary>The coarse mask: where the coarse word's attention comes from, over all layers (paper, section 3.1.2, equation 2).</summary>
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
        Span<float> mask) => throw new NotImplementedException();

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
        Span<float> mask) => throw new NotImplementedException();
}
