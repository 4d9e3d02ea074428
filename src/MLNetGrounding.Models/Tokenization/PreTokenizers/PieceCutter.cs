using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>Cuts a piece at matches.</summary>
internal static class PieceCutter
{
    /// <param name="piece">The piece.</param>
    /// <param name="matches">Matches and what lies between them, covering the piece.</param>
    /// <param name="behavior">What becomes of the matches.</param>
    /// <param name="pieces">Takes what is cut.</param>
    public static void Cut(
        ReadOnlyMemory<AlignedCharacter> piece,
        IReadOnlyList<PatternMatch> matches,
        SplitBehavior behavior,
        List<ReadOnlyMemory<AlignedCharacter>> pieces
    )
    {
        int start = 0;
        for (int index = 0; index < matches.Count; index++)
        {
            PatternMatch match = matches[index];
            if (behavior == SplitBehavior.Removed && match.IsMatch)
            {
                start = match.End;
                continue;
            }

            if (index + 1 < matches.Count && GoesWithNext(behavior, match.IsMatch, matches[index + 1].IsMatch))
            {
                continue;
            }

            pieces.Add(piece[start..match.End]);
            start = match.End;
        }
    }

    private static bool GoesWithNext(SplitBehavior behavior, bool isMatch, bool nextIsMatch) =>
        behavior switch
        {
            SplitBehavior.Contiguous => isMatch == nextIsMatch,
            SplitBehavior.MergedWithPrevious => !isMatch && nextIsMatch,
            SplitBehavior.MergedWithNext => isMatch && !nextIsMatch,
            _ => false,
        };
}
