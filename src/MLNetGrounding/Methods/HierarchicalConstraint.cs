namespace MLNetGrounding;

/// <summary>How the layers of a fine word are weighted (paper, section 3.2.2).</summary>
public enum HierarchicalConstraint
{
    /// <summary>By the layer map times the coarse word's rollout, normalized: equations 3 and 4. The default.</summary>
    CoarseMask,

    /// <summary>By the layer map alone, normalized: equations 3 and 4 with a mask of 1 everywhere, so without the rollout.</summary>
    UniformMask,

    /// <summary>Not at all: the sum of the layer maps, so without the hierarchical constraint.</summary>
    None,

    /// <summary>By nothing: the map of every word is the coarse word's rollout itself, the mask.</summary>
    MaskAlone,
}
