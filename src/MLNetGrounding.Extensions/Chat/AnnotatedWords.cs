using Microsoft.Extensions.AI;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>Makes annotations of an answer's words.</summary>
/// <param name="tokens">The answer's tokens with their maps; may still grow.</param>
/// <param name="geometry">Where the image lies on the grid.</param>
/// <param name="rule">How a map becomes a region.</param>
internal sealed class AnnotatedWords(IReadOnlyList<AnswerToken> tokens, ImageGeometry geometry, RegionRule rule)
{
    /// <summary>Annotates a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="start">Where it begins in the text of its content.</param>
    public GroundingAnnotation Annotate(AnswerWord word, int start)
    {
        float[] map = word.MeanMap(token => tokens[token].Map);
        GroundedQuery looked = new(word.Text, map, geometry.Grid, geometry, threshold: 0, score: null);
        return new GroundingAnnotation
        {
            Word = word.Text,
            Map = map,
            Geometry = geometry,
            Box = looked.RegionBy(rule).Box,
            LogProbability = word.Tokens.Sum(token => tokens[token].LogProbability),
            AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = start, EndIndex = start + word.Text.Length }],
        };
    }
}
