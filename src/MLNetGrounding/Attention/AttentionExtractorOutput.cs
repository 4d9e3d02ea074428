namespace MLNetGrounding.Attention;

/// <summary>What a column that attention extraction adds holds.</summary>
internal enum AttentionExtractorOutput
{
    FineAttention,
    CoarseAttention,
    CoarseFlow,
    FlowRowSums,
    Geometry,
    PatchFeatures,
    NeutralAttention,
    BackgroundAttention,
}
