using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>Cuts at the matches of a pattern, or with <paramref name="invert"/> at what lies between them.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    public void Split(ReadOnlyMemory<AlignedCharacter> piece, List<ReadOnlyMemory<AlignedCharacter>> pieces)
    {
        List<PatternMatch> matches = pattern.Find(piece.Span);
        PieceCutter.Cut(piece, invert ? matches.ConvertAll(match => match with { IsMatch = !match.IsMatch }) : matches, behavior, pieces);
    }
}
