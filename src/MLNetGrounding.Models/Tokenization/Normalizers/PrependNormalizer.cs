using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.Normalizers;

/// <summary>Puts a text in front; it stands for the first character.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    private readonly int[] _prefix = AlignedText.CodePoints(prefix);

    public ReadOnlyMemory<AlignedCharacter> Normalize(ReadOnlyMemory<AlignedCharacter> text)
    {
        var result = new AlignedCharacter[_prefix.Length + text.Length];
        AlignedCharacter first = text.Span[0];
        for (int index = 0; index < _prefix.Length; index++)
        {
            result[index] = first with { Value = _prefix[index] };
        }

        text.CopyTo(result.AsMemory(_prefix.Length));
        return result;
    }
}
