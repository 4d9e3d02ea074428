using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>Writes a visible character for each space, and one in front.</summary>
/// <param name="replacement">The visible character.</param>
/// <param name="prepend">When one is put in front of a piece that has none there.</param>
/// <param name="split">Whether the piece is cut before each of them.</param>
internal sealed class MetaspacePreTokenizer(int replacement, PrependScheme prepend, bool split) : IPreTokenizer
{
    public void Split(ReadOnlyMemory<AlignedCharacter> piece, List<ReadOnlyMemory<AlignedCharacter>> pieces)
    {
        List<AlignedCharacter> characters = new(piece.Length + 1);
        foreach (AlignedCharacter character in piece.Span)
        {
            characters.Add(character.Value == ' ' ? character with { Value = replacement } : character);
        }

        AlignedCharacter first = characters[0];
        if (first.Value != replacement && (prepend == PrependScheme.Always || (prepend == PrependScheme.First && first.Start == 0)))
        {
            characters.Insert(0, first with { Value = replacement });
        }

        AlignedCharacter[] text = [.. characters];
        if (!split)
        {
            pieces.Add(text);
            return;
        }

        List<PatternMatch> matches = [];
        for (int index = 0, start = 0; index < text.Length; index++)
        {
            bool isMatch = text[index].Value == replacement;
            if (isMatch || index + 1 == text.Length || text[index + 1].Value == replacement)
            {
                matches.Add(new PatternMatch(start, index + 1, isMatch));
                start = index + 1;
            }
        }

        PieceCutter.Cut(text, matches, SplitBehavior.MergedWithNext, pieces);
    }
}
