namespace MLNetGrounding;

/// <summary>A text that a tokenizer cuts out as one token before anything else, such as the one that stands for an image.</summary>
public sealed class AddedToken
{
    internal AddedToken(int id, string text, bool isSpecial)
    {
        Id = id;
        Text = text;
        IsSpecial = isSpecial;
    }

    /// <summary>Its id.</summary>
    public int Id { get; }

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>Whether it steers the model and is no part of what it says, so that decoding may leave it out.</summary>
    public bool IsSpecial { get; }

    /// <summary>Whether it counts only where no word character stands beside it.</summary>
    internal bool IsSingleWord { get; init; }

    /// <summary>Whether it takes the white space before it.</summary>
    internal bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space behind it.</summary>
    internal bool StripsRight { get; init; }

    /// <summary>Whether it is looked for in normalized text, in its normalized form.</summary>
    internal bool IsNormalized { get; init; }
}
