namespace MLNetGrounding.Maths.Heads;

/// <summary>Head selection and aggregation of one query, layer after layer (paper, section 3.1).</summary>
internal static class QuerySelection
{
    /// <param name="maps">Attention of one query, <c>[layers, heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Number of heads of a layer.</param>
    /// <param name="grid">The cells of a map.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="layerMaps">Receives the layer maps, <c>[layers, gridHeight, gridWidth]</c>; may be empty where only the heads are
    /// wanted.</param>
    /// <param name="kept">Receives which heads pass both thresholds, <c>[layers, heads]</c>.</param>
    /// <param name="entropy">Receives each head's normalized entropy, <c>[layers, heads]</c>; may be empty.</param>
    /// <param name="compactness">Receives each head's compactness, <c>[layers, heads]</c>; may be empty.</param>
    /// <exception cref="ArgumentException">A value of <paramref name="maps"/> is negative, NaN or infinite.</exception>
    public static void Select(
        ReadOnlySpan<float> maps,
        int layers,
        int heads,
        MapGrid grid,
        HeadSelectionOptions options,
        Span<float> layerMaps,
        Span<bool> kept,
        Span<double> entropy,
        Span<double> compactness
    )
    {
        int cells = grid.Cells;
        for (int layer = 0; layer < layers; layer++)
        {
            HeadSelection.Select(
                maps.Slice(layer * heads * cells, heads * cells),
                heads,
                grid.Height,
                grid.Width,
                options,
                Part(layerMaps, layer, cells),
                kept.Slice(layer * heads, heads),
                Part(entropy, layer, heads),
                Part(compactness, layer, heads)
            );
        }
    }

    private static Span<T> Part<T>(Span<T> all, int layer, int length) => all.IsEmpty ? [] : all.Slice(layer * length, length);
}
