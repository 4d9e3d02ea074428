namespace MLNetGrounding.Comparison;

/// <summary>What became of one query of one entry on one image.</summary>
internal enum ScoreStatus : byte
{
    /// <summary>None of its key points is visible, or the entry says nothing about it.</summary>
    NotScored,

    /// <summary>There are scores.</summary>
    Scored,

    /// <summary>The map could not be computed.</summary>
    Failed,
}
