namespace MLNetGrounding;

/// <summary>What a figure of the layers shows of each.</summary>
public enum LayerMapSource
{
    /// <summary>The layer map: what head selection made of the kept heads.</summary>
    HeadSelection,

    /// <summary>The mean over all heads, as the model computed them.</summary>
    MeanOfHeads,
}
