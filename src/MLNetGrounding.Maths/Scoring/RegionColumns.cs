namespace MLNetGrounding.Maths.Scoring;

/// <summary>Where the scores of one threshold's regions stand among the numbers of a scored map.</summary>
/// <param name="Hit">The column of the hits, which the others follow.</param>
internal readonly record struct RegionColumns(int Hit)
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    /// <summary>The region's share of the frame.</summary>
    public int Area => Hit + 1;

    /// <summary>Hit over area.</summary>
    public int Mpir => Hit + 2;

    /// <summary>The overlap with the part's mask; NaN without masks.</summary>
    public int Overlap => Hit + 3;
}
