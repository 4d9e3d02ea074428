namespace MLNetGrounding.Maths.Scoring;

/// <summary>Where the scores of one fixed area's regions stand among the numbers of a scored map.</summary>
/// <param name="Hit">The column of the hits, which the other follows.</param>
internal readonly record struct FixedAreaColumns(int Hit)
{
    /// <summary>How many there are.</summary>
    public const int Count = 2;

    /// <summary>The share of the frame that whole cells attain.</summary>
    public int Attained => Hit + 1;
}
