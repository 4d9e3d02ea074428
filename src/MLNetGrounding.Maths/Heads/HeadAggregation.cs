namespace MLNetGrounding;

/// <summary>How the kept heads of a layer become one layer map, cell by cell.</summary>
public enum HeadAggregation
{
    /// <summary>The maximum over the kept heads. The default (paper, section 3.1.2).</summary>
    Maximum,

    /// <summary>The mean over the kept heads.</summary>
    Mean,

    /// <summary>
    /// The maximum over the <see cref="HeadSelectionOptions.TopHeads"/> kept heads of largest compactness; of equal heads the first.
    /// </summary>
    MostCompact,
}
