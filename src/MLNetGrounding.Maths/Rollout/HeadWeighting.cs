namespace MLNetGrounding;

/// <summary>
/// What each head counts when all heads of a layer are joined into one matrix, S = mean over heads of weight times attention.
/// </summary>
public enum HeadWeighting
{
    /// <summary>1: the mean over the heads (Abnar and Zuidema, 2020). The default.</summary>
    Equal,

    /// <summary>
    /// The mean over the tokens of the largest attention that a token gives to any token: VL-SAM's head weights
    /// (arXiv 2410.05963, section 3.2).
    /// </summary>
    LargestKey,

    /// <summary>
    /// The mean over the tokens of the largest attention that a token gives to any visual token, divided by that of the layer's
    /// strongest head: the V-Max normalization of DecAF (arXiv 2510.19592).
    /// </summary>
    LargestVisualKey,
}
