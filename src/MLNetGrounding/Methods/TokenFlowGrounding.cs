namespace MLNetGrounding;

/// <summary>
/// Methods that join all heads of a layer into one matrix of tokens by tokens and follow the query's row through all layers down to the
/// visual tokens: attention rollout, VL-SAM, DecAF. No head is selected.
/// </summary>
public sealed record TokenFlowGrounding : GroundingMethod
{
    /// <summary>How heads and layers are joined. Default: attention rollout.</summary>
    public TokenFlowOptions Flow { get; init; } = new();

    /// <inheritdoc/>
    protected internal override void Plan(CapturePlan plan)
    {
        base.Plan(plan);
        plan.NeedFlow(Flow, Row, ContrastRole);
    }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Flow.Validate();
        if (SinkRemoval is not null)
        {
            throw new ArgumentException(
                $"Method '{Name}' follows whole matrices of attention, from which no sinks are removed. Leave {nameof(SinkRemoval)} unset.",
                nameof(SinkRemoval)
            );
        }

        if (ConstantCellRemoval is not null)
        {
            throw new ArgumentException(
                $"Method '{Name}' follows whole matrices of attention, from which no constant cells are removed. Leave {nameof(ConstantCellRemoval)} unset.",
                nameof(ConstantCellRemoval)
            );
        }
    }

    /// <inheritdoc/>
    protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map) =>
        attention.Flow(Flow, Row, ContrastRole, role, query).CopyTo(map);
}
