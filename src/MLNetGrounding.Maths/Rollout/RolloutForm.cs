namespace MLNetGrounding;

/// <summary>What the rollout (paper, section 3.2.1, equation 2) multiplies.</summary>
public enum RolloutForm
{
    /// <summary>Matrices of tokens by tokens; the mask is the coarse word's row over the visual tokens. The default.</summary>
    Tokens,

    /// <summary>The coarse word's layer maps, taken as matrices: equations 2 and 3 as their dimensions are printed.</summary>
    SpatialProduct,

    /// <summary>The coarse word's layer maps, cell by cell: the product of 1 + a over the layers.</summary>
    SpatialElementwise,
}
