using MLNetGrounding.Attention;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Answers;

/// <summary>
/// Makes maps of answers' tokens by a grounding method: question and answer up to a token are read as one query, whose last row is the
/// word's.
/// </summary>
/// <param name="host">Runs the model.</param>
/// <param name="method">The method.</param>
/// <param name="plan">What it needs.</param>
/// <param name="row">Which row is a token's.</param>
internal sealed class TokenGrounding(CaptureHost host, GroundingMethod method, CapturePlan plan, AnswerRow row)
{
    // Bounds what is captured at a time: maps of all layers and heads for each token.
    private const int MostTokensAtATime = 32;

    /// <summary>The maps of each answer's tokens, <c>[gridHeight, gridWidth]</c> each; NaN where attention is not finite.</summary>
    /// <param name="image">The image.</param>
    /// <param name="prompt">The queries, the answered ones first.</param>
    /// <param name="answers">Their answers.</param>
    public float[][][] Ground(RowImage image, PreparedPrompt prompt, IReadOnlyList<Answer> answers)
    {
        int cells = prompt.Grid.Cells;
        float[][][] maps = [.. answers.Select(answer => new float[answer.Tokens.Count][])];
        (int Answer, int Token)[] all =
        [
            .. answers.SelectMany((answer, index) => Enumerable.Range(0, answer.Tokens.Count).Select(token => (index, token))),
        ];
        CaptureMemory memory = new();
        foreach ((int Answer, int Token)[] group in all.Chunk(MostTokensAtATime))
        {
            host.ThrowIfCanceled();
            IEnumerable<PreparedSuffix> queries = group.Select(
                (place, index) => Read(prompt.Suffixes[place.Answer], answers[place.Answer].TokenIds, place.Token, index, prompt.Rows.Count)
            );
            PreparedPrompt asked = plan.PromptOf(prompt).With(queries, role => role != QueryRole.Fine && plan.Needs(role));
            var attention = CapturedAttention.IfFinite(host.Capture(image, asked, memory), plan, host.Model);
            float[] grounded = new float[group.Length * cells];
            if (attention is null)
            {
                grounded.AsSpan().Fill(float.NaN);
            }
            else
            {
                method.Ground(attention, grounded);
            }

            for (int index = 0; index < group.Length; index++)
            {
                maps[group[index].Answer][group[index].Token] = grounded[(index * cells)..((index + 1) * cells)];
            }
        }

        return maps;
    }

    private PreparedSuffix Read(PreparedSuffix question, IReadOnlyList<int> answer, int token, int name, int rowSets)
    {
        int[] ids = [.. question.TokenIds, .. answer.Take(row == AnswerRow.Token ? token + 1 : token)];
        return new PreparedSuffix(
            question.Query with
            {
                Name = $"{name}",
            },
            ids,
            [.. Enumerable.Range(0, rowSets).Select(_ => new[] { ids.Length - 1 })]
        )
        {
            Question = question.Question,
            AnswerTokens = ids.Length - question.TokenIds.Count,
        };
    }
}
