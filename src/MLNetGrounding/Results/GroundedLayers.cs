namespace MLNetGrounding;

/// <summary>What an image's maps were made of: attention by layer and head.</summary>
/// <param name="Layers">Decoder layers.</param>
/// <param name="Heads">Attention heads per layer.</param>
/// <param name="FineAttention">Attention over the image before head selection, <c>[queries, layers, heads, gridHeight,
/// gridWidth]</c>.</param>
public sealed record GroundedLayers(int Layers, int Heads, ReadOnlyMemory<float> FineAttention)
{
    /// <summary>
    /// Attention of questions about nothing in particular, <c>[questions, layers, heads, gridHeight, gridWidth]</c>. Default: empty, not
    /// known.
    /// </summary>
    public ReadOnlyMemory<float> NeutralAttention { get; init; }

    /// <summary>The layer maps of head selection, <c>[queries, layers, gridHeight, gridWidth]</c>. Default: empty, not known.</summary>
    public ReadOnlyMemory<float> LayerMaps { get; init; }

    /// <summary>
    /// 1 for each head that was kept, else 0, <c>[queries, layers, heads]</c>. Default: empty, those that the thresholds keep.
    /// </summary>
    public ReadOnlyMemory<float> KeptHeads { get; init; }
}
