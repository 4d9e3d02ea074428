namespace MLNetGrounding.Heads;

/// <summary>What a column that head selection adds holds.</summary>
internal enum HeadSelectorOutput
{
    LayerMaps,
    KeptHeads,
    Entropy,
    Compactness,
    CoarseLayerMaps,
}
