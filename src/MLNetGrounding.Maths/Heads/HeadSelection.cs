namespace MLNetGrounding.Maths;

/// <summary>Head selection and aggregation of one layer (paper, section 3.1.1).</summary>
internal static class HeadSelection
{
    /// <param name="maps">Attention of one query in one layer, <c>[heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="layerMap">Receives the aggregated map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="kept">Receives which heads pass both thresholds.</param>
    /// <param name="entropy">Receives each head's normalised entropy.</param>
    /// <param name="compactness">Receives each head's compactness; 0 where nothing is active or the map is constant.</param>
    /// <exception cref="ArgumentException">A value of <paramref name="maps"/> is negative, NaN or infinite.</exception>
    public static void Select(
        ReadOnlySpan<float> maps,
        int heads,
        int gridHeight,
        int gridWidth,
        HeadSelectionOptions options,
        Span<float> layerMap,
        Span<bool> kept,
        Span<double> entropy,
        Span<double> compactness) => throw new NotImplementedException();
}
