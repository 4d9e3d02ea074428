using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.Normalizers;

/// <summary>Writes a text for every match of a pattern; it stands for the last character replaced.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : INormalizer
{
    private readonly int[] _content = AlignedText.CodePoints(content);

    public ReadOnlyMemory<AlignedCharacter> Normalize(ReadOnlyMemory<AlignedCharacter> text)
    {
        ReadOnlySpan<AlignedCharacter> characters = text.Span;
        List<AlignedCharacter> result = new(characters.Length);
        foreach (PatternMatch match in pattern.Find(characters))
        {
            if (!match.IsMatch)
            {
                result.AddRange(characters[match.Start..match.End]);
                continue;
            }

            AlignedCharacter last = characters[match.End - 1];
            foreach (int value in _content)
            {
                result.Add(last with { Value = value });
            }
        }

        return result.ToArray();
    }
}
