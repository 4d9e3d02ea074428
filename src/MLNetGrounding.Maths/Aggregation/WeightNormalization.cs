namespace MLNetGrounding;

/// <summary>
/// How a layer's constrained map, its layer map times the coarse mask, becomes its weight (paper, section 3.2.2, equation 3).
/// </summary>
public enum WeightNormalization
{
    /// <summary>(x - minimum) / (maximum - minimum) over the layer's cells. The default.</summary>
    MinMax,

    /// <summary>x / sum over the layer's cells.</summary>
    Sum,

    /// <summary>x / maximum over the layer's cells.</summary>
    Maximum,

    /// <summary>x / sum over the layers, cell by cell.</summary>
    AcrossLayers,
}
