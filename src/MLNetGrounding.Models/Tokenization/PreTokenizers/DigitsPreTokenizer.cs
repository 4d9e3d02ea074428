using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>Cuts numbers out, each digit by itself or runs of them.</summary>
internal sealed class DigitsPreTokenizer(bool individual) : IPreTokenizer
{
    public void Split(ReadOnlyMemory<AlignedCharacter> piece, List<ReadOnlyMemory<AlignedCharacter>> pieces)
    {
        ReadOnlySpan<AlignedCharacter> characters = piece.Span;
        int start = 0;
        for (int index = 1; index <= characters.Length; index++)
        {
            bool before = CharacterClasses.IsNumber(characters[index - 1].Value);
            if (index == characters.Length || before != CharacterClasses.IsNumber(characters[index].Value) || (before && individual))
            {
                pieces.Add(piece[start..index]);
                start = index;
            }
        }
    }
}
