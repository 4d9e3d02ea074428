using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.Normalizers;

/// <summary>Lower case of each character by itself: a final sigma is one like any other.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public ReadOnlyMemory<AlignedCharacter> Normalize(ReadOnlyMemory<AlignedCharacter> text)
    {
        List<AlignedCharacter> result = new(text.Length);
        foreach (AlignedCharacter character in text.Span)
        {
            result.Add(character with { Value = CharacterClasses.ToLower(character.Value, out int second) });
            if (second != 0)
            {
                result.Add(character with { Value = second });
            }
        }

        return result.ToArray();
    }
}
