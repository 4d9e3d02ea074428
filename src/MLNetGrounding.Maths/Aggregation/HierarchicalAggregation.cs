namespace MLNetGrounding.Maths;

/// <summary>The grounding map: layer maps of a fine word, weighted by where the coarse word is (paper, equations 3 and 4).</summary>
internal static class HierarchicalAggregation
{
    /// <param name="layerMaps">Layer maps of one fine word, <c>[layers, cells]</c>.</param>
    /// <param name="mask">Coarse mask, <c>[cells]</c>; its scale does not matter.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="groundingMap">Receives the grounding map, <c>[cells]</c>.</param>
    /// <exception cref="ArgumentException">
    /// A value is NaN or infinite, or <see cref="AggregationOptions.FirstLayer"/> leaves no layer.
    /// </exception>
    public static void Aggregate(
        ReadOnlySpan<float> layerMaps,
        ReadOnlySpan<float> mask,
        int layers,
        AggregationOptions options,
        Span<float> groundingMap) => throw new NotImplementedException();
}
