namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>Which pieces <see cref="MetaspacePreTokenizer"/> puts a visible space in front of.</summary>
internal enum PrependScheme
{
    /// <summary>Every one.</summary>
    Always,

    /// <summary>The one that begins the text.</summary>
    First,

    /// <summary>None.</summary>
    Never,
}
