using System.Text;
using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.PostProcessors;

/// <summary>Leaves white space at the ends of a token out of its range.</summary>
/// <param name="addPrefixSpace">Whether one space in front of the text was added and is no part of it.</param>
internal sealed class OffsetTrimmer(bool addPrefixSpace) : IPostProcessor
{
    private static readonly int Space = ByteAlphabet.CharacterOf((byte)' ');

    public List<AlignedToken> Process(List<AlignedToken> tokens, bool addSpecialTokens)
    {
        List<AlignedToken> result = new(tokens.Count);
        foreach (AlignedToken token in tokens)
        {
            int[] characters = AlignedText.CodePoints(token.Text);
            int leading = characters.TakeWhile(IsGap).Count();
            int trailing = Enumerable.Reverse(characters).TakeWhile(IsGap).Count();
            int start = token.Start;
            int end = token.End;
            if (leading > 0)
            {
                bool added = leading == 1 && addPrefixSpace && (result.Count == 0 || start == 0);
                start = Math.Min(start + (added ? 0 : leading), end);
            }

            if (trailing > 0 && end >= trailing)
            {
                end = Math.Max(end - trailing, start);
            }

            result.Add(token with { Start = start, End = end });
        }

        return result;
    }

    private static bool IsGap(int character) => character == Space || (Rune.IsValid(character) && CharacterClasses.IsSpace(character));
}
