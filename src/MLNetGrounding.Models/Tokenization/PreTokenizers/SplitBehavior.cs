namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>What becomes of the matches when text is cut at them.</summary>
internal enum SplitBehavior
{
    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>They are dropped.</summary>
    Removed,

    /// <summary>Neighbors among them are one piece.</summary>
    Contiguous,

    /// <summary>Each goes with what lies before it.</summary>
    MergedWithPrevious,

    /// <summary>Each goes with what lies behind it.</summary>
    MergedWithNext,
}
