using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Models.Generation;

/// <summary>How probable given answers are, in one pass over all of them.</summary>
/// <param name="capturer">Reads images and questions.</param>
internal sealed class ChoiceScorer(AttentionCapturer capturer)
{
    /// <summary>The probability that each query is answered with each choice, or with something that begins with it, <c>[queries][choices]</c>.</summary>
    /// <param name="image">The image as the model takes it.</param>
    /// <param name="prompt">The queries.</param>
    /// <param name="choices">The tokens of each choice, at least one; for each query or, of one element, for all.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">Prompt and choice are longer than the model's context.</exception>
    public double[][] Score(
        PreparedImage image, PreparedPrompt prompt, IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>> choices, CancellationToken cancellationToken)
    {
        List<PreparedSuffix> suffixes = [];
        List<int> firsts = [];
        for (int query = 0; query < prompt.Suffixes.Count; query++)
        {
            PreparedSuffix suffix = prompt.Suffixes[query];
            foreach (IReadOnlyList<int> choice in choices[query])
            {
                // The last token of a choice predicts what follows it, which nobody asks.
                suffixes.Add(suffix with { TokenIds = [.. suffix.TokenIds, .. choice] });
                firsts.Add(suffix.TokenIds.Count);
            }
        }

        double[][] logProbabilities = capturer.LogProbabilities(image, prompt, suffixes, firsts, cancellationToken);
        int next = 0;
        return [.. choices.Select(each => each.Select(_ => Math.Exp(logProbabilities[next++].Sum())).ToArray())];
    }
}
