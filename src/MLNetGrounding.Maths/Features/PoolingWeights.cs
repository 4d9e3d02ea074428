namespace MLNetGrounding;

/// <summary>How much each cell of a grounding map counts where features are pooled by it.</summary>
public enum PoolingWeights
{
    /// <summary>As much as its share of the map's mass. The default.</summary>
    MapMass,

    /// <summary>The cells of the predicted region count equally, the others not at all.</summary>
    Region,

    /// <summary>The cells of the predicted region count by their share of the region's mass, the others not at all.</summary>
    RegionMass,
}
