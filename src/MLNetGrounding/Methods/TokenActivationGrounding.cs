namespace MLNetGrounding;

/// <summary>
/// Where visual tokens would say the queried word themselves: the word's logits at the visual tokens, freed of what the earlier words of
/// the question have in common with it (Li et al., "Token Activation Map to Visually Explain Multimodal LLMs", ICCV 2025). No attention is
/// read.
/// </summary>
/// <remarks>
/// A word of several tokens is the mean of their maps. The publication's filter is <see cref="GroundingMethod.RankFilter"/>. Where several
/// tokens show a cell, as with a whole view beside tiles, the one that shows it best counts.
/// </remarks>
public sealed record TokenActivationGrounding : GroundingMethod
{
    /// <inheritdoc/>
    protected internal override void Plan(CapturePlan plan)
    {
        base.Plan(plan);
        plan.NeedTokenActivation(Row);
    }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        if (Row is null or QueryRow.LastPromptToken)
        {
            throw new ArgumentException(
                $"Method '{Name}' explains the tokens of a word, but {nameof(Row)} names none. Set it to {nameof(QueryRow.WordMean)}, {nameof(QueryRow.WordFirst)} or {nameof(QueryRow.WordLast)}.",
                nameof(Row)
            );
        }

        if (SinkRemoval is not null)
        {
            throw new ArgumentException(
                $"Method '{Name}' reads no attention, from which sinks could be removed. Leave {nameof(SinkRemoval)} unset.",
                nameof(SinkRemoval)
            );
        }

        if (ConstantCellRemoval is not null)
        {
            throw new ArgumentException(
                $"Method '{Name}' reads no attention, from which constant cells could be removed. Leave {nameof(ConstantCellRemoval)} unset.",
                nameof(ConstantCellRemoval)
            );
        }
    }

    /// <inheritdoc/>
    protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        ArgumentNullException.ThrowIfNull(attention);
        attention.TokenActivation(role, query, Row).CopyTo(map);
    }
}
