namespace MLNetGrounding;

/// <summary>
/// Makes tokens that stand in the prompt or in the answer so far less probable, as Hugging Face's <c>RepetitionPenaltyLogitsProcessor</c>
/// does.
/// </summary>
public sealed class RepetitionPenalty : ILogitsProcessor
{
    private readonly float _penalty;

    /// <summary>Penalizes repetition.</summary>
    /// <param name="penalty">What positive logits are divided by and negative ones multiplied by; 1 changes nothing, less than 1 prefers
    /// repetition.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and finite.</exception>
    public RepetitionPenalty(double penalty)
    {
        if (!(penalty > 0) || !double.IsFinite(penalty))
        {
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "A finite number above 0 was expected.");
        }

        _penalty = (float)penalty;
    }

    /// <inheritdoc/>
    public void Process(Span<float> logits, AnswerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (int id in context.PromptTokenIds.Concat(context.AnswerTokenIds).Distinct())
        {
            if (id >= 0 && id < logits.Length)
            {
                logits[id] = logits[id] < 0 ? logits[id] * _penalty : logits[id] / _penalty;
            }
        }
    }
}
