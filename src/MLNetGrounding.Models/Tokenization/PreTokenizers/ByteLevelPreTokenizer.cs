using System.Text;
using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>
/// Writes text as bytes, each a character of <see cref="ByteAlphabet"/> that stands for the whole character it is part of.
/// </summary>
/// <param name="addPrefixSpace">Whether a piece that does not begin with a space gets one.</param>
/// <param name="useRegex">Whether GPT-2's regular expression cuts the piece first.</param>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    private static readonly TextPattern Words = TextPattern.OfRegex(
        "",
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    );

    public void Split(ReadOnlyMemory<AlignedCharacter> piece, List<ReadOnlyMemory<AlignedCharacter>> pieces)
    {
        if (addPrefixSpace && piece.Span[0].Value != ' ')
        {
            AlignedCharacter first = piece.Span[0];
            piece = (AlignedCharacter[])[first with { Value = ' ' }, .. piece.Span];
        }

        if (!useRegex)
        {
            pieces.Add(ToBytes(piece.Span));
            return;
        }

        foreach (PatternMatch match in Words.Find(piece.Span))
        {
            pieces.Add(ToBytes(piece.Span[match.Start..match.End]));
        }
    }

    private static AlignedCharacter[] ToBytes(ReadOnlySpan<AlignedCharacter> characters)
    {
        List<AlignedCharacter> bytes = new(characters.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (AlignedCharacter character in characters)
        {
            foreach (byte value in utf8[..new Rune(character.Value).EncodeToUtf8(utf8)])
            {
                bytes.Add(character with { Value = ByteAlphabet.CharacterOf(value) });
            }
        }

        return [.. bytes];
    }
}
