namespace MLNetGrounding;

/// <summary>What the map of a query is compared with, cell by cell, to leave what is the query's own.</summary>
public enum MapContrast
{
    /// <summary>With nothing. The default.</summary>
    None,

    /// <summary>It is divided by the map of a prompt that asks about nothing in particular (ViCrop, arXiv 2502.17422).</summary>
    DividedByNeutral,

    /// <summary>The map of a prompt about the background is subtracted; what is below 0 becomes 0 (DecAF, arXiv 2510.19592).</summary>
    MinusBackground,
}
