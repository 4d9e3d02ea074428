using System.Text;

namespace MLNetGrounding.Models.Tokenization.Alignment;

/// <summary>Text as a sequence of <see cref="AlignedCharacter"/>.</summary>
internal static class AlignedText
{
    /// <summary>The characters of a text, each standing for itself; half a surrogate pair becomes U+FFFD.</summary>
    public static AlignedCharacter[] Of(string text)
    {
        List<AlignedCharacter> characters = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            characters.Add(new AlignedCharacter(rune.Value, characters.Count, characters.Count + 1));
        }

        return [.. characters];
    }

    /// <summary>The code points of a text.</summary>
    public static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];

    public static string ToText(ReadOnlySpan<AlignedCharacter> characters)
    {
        StringBuilder text = new(characters.Length);
        Span<char> units = stackalloc char[2];
        foreach (AlignedCharacter character in characters)
        {
            text.Append(units[..new Rune(character.Value).EncodeToUtf16(units)]);
        }

        return text.ToString();
    }

    /// <summary>For each code point of a text the UTF-16 unit that it begins with, and the text's length.</summary>
    public static int[] Utf16Positions(string text)
    {
        List<int> positions = new(text.Length + 1);
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            positions.Add(position);
            position += rune.Utf16SequenceLength;
        }

        positions.Add(position);
        return [.. positions];
    }
}
