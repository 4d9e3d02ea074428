namespace MLNetGrounding;

/// <summary>Which heads the entropy threshold keeps.</summary>
public enum EntropyDirection
{
    /// <summary>
    /// Keeps focused heads: normalized entropy at most the threshold. The default; what the paper's motivation and figure 7 say.
    /// </summary>
    KeepLow,

    /// <summary>
    /// Keeps spread-out heads: normalized entropy at least the threshold. One sentence of the paper's section 3.1.1, read literally.
    /// </summary>
    KeepHigh,
}
