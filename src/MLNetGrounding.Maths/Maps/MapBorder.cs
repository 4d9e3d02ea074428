namespace MLNetGrounding;

/// <summary>What a map counts as beyond its border, where a filter looks beyond it. Of a row a b c d:</summary>
public enum MapBorder
{
    /// <summary>
    /// 0 0 0 | a b c d | 0 0 0: cells at the border lose a share of their weight, as in a convolution padded with zeros. The default.
    /// </summary>
    Zero,

    /// <summary>
    /// c b a | a b c d | d c b: mirrored at the border, the edge cell repeated. What SciPy's filters do where nothing is said.
    /// </summary>
    Mirrored,

    /// <summary>a a a | a b c d | d d d: the edge cell goes on.</summary>
    Replicate,
}
