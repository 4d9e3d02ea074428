namespace MLNetGrounding;

/// <summary>A text and its tokens.</summary>
public sealed class TokenizedText
{
    internal TokenizedText(string text, IReadOnlyList<TextToken> tokens)
    {
        Text = text;
        Tokens = tokens;
        Ids = [.. tokens.Select(token => token.Id)];
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>The tokens in order, those around the text included.</summary>
    public IReadOnlyList<TextToken> Tokens { get; }

    /// <summary>The tokens' ids.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>Positions, ascending, of the tokens that stand for any part of a range of the text.</summary>
    /// <remarks>
    /// This is how the tokens of a word are found in any script: a token may hold the space before the word as well, and a character
    /// spelled in bytes has several tokens, which all stand for it.
    /// </remarks>
    /// <param name="start">Index of the range's first UTF-16 unit.</param>
    /// <param name="length">Number of UTF-16 units; 0 gives no positions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the text.</exception>
    public IReadOnlyList<int> PositionsOf(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Text.Length - start);
        List<int> positions = [];
        for (int position = 0; position < Tokens.Count && length > 0; position++)
        {
            if (Tokens[position].Start < start + length && Tokens[position].End > start)
            {
                positions.Add(position);
            }
        }

        return positions;
    }
}
