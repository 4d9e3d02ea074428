namespace MLNetGrounding.Models.Generation;

/// <summary>What a <see cref="PlaceToken"/> is.</summary>
internal enum PlaceTokenKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A word, or a key.</summary>
    Word,

    /// <summary>An opening bracket of any form.</summary>
    Open,

    /// <summary>A closing bracket of any form.</summary>
    Close,

    /// <summary>A comma or semicolon.</summary>
    Separator,

    /// <summary>A colon or equals sign.</summary>
    Colon,

    /// <summary>Anything else, which belongs to no place.</summary>
    Other,
}
