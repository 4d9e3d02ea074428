namespace MLNetGrounding.Models.Tokenization.BytePairs;

/// <summary>How a byte-pair vocabulary spells what it does not hold, and how it marks the places of a piece.</summary>
internal sealed record BytePairOptions
{
    /// <summary>The token for characters that cannot be spelled; <see langword="null"/> drops them.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether a run of unknown characters is one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether unknown characters are spelled in tokens such as <c>&lt;0xE5&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a piece that is in the vocabulary as a whole is that token, whatever the merges make of it.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Stands before every character of a piece but the first.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>Stands after the last character of a piece.</summary>
    public string EndOfWordSuffix { get; init; } = "";
}
