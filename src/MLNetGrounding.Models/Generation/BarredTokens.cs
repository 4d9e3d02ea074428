namespace MLNetGrounding;

/// <summary>Bars tokens from answers; an end token that is barred never ends one.</summary>
public sealed class BarredTokens : ILogitsProcessor
{
    private readonly int[] _ids;

    /// <summary>Bars some tokens.</summary>
    /// <param name="ids">Their ids; those outside the vocabulary are left out.</param>
    public BarredTokens(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        _ids = [.. ids];
    }

    /// <inheritdoc/>
    public void Process(Span<float> logits, AnswerContext context)
    {
        foreach (int id in _ids)
        {
            if (id >= 0 && id < logits.Length)
            {
                logits[id] = float.NegativeInfinity;
            }
        }
    }
}
