using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Rollout;

namespace MLNetGrounding;

/// <summary>
/// The method of "Can Large Vision Language Models Ground Fine-Grained Attribute?": heads that look at one compact place are joined layer
/// by layer (section 3.1), and the layers are summed with weights from where the coarse word's attention comes from (section 3.2). Its
/// parts are options, so that each can be left out or replaced.
/// </summary>
public sealed record HierarchicalGrounding : GroundingMethod
{
    /// <summary>Which heads are kept and how they become one map per layer. Default: the paper's.</summary>
    public HeadSelectionOptions HeadSelection { get; init; } = new();

    /// <summary>
    /// Which heads of the coarse word are kept. Default <see langword="null"/>: by <see cref="HeadSelection"/>, as those of the fine words.
    /// </summary>
    public HeadSelectionOptions? CoarseHeadSelection { get; init; }

    /// <summary>How the coarse word's heads become one flow matrix per layer. Default <see cref="FlowHeads.KeptMaximum"/>.</summary>
    public FlowHeads FlowHeads { get; init; } = FlowHeads.KeptMaximum;

    /// <summary>The rollout of the coarse word's attention. Default: the paper's.</summary>
    public RolloutOptions Rollout { get; init; } = new();

    /// <summary>What weights the layers. Default <see cref="HierarchicalConstraint.CoarseMask"/>.</summary>
    public HierarchicalConstraint Constraint { get; init; } = HierarchicalConstraint.CoarseMask;

    /// <summary>The sum over the layers. Default: the paper's.</summary>
    public AggregationOptions Aggregation { get; init; } = new();

    /// <summary>
    /// How deep the first layer that contributes lies, as a share of the layers between 0 and 1, rounded down to a layer; the later of this
    /// and <see cref="AggregationOptions.FirstLayer"/> counts. Section 4.3.2 of the paper advises to skip early layers but names no number.
    /// Default 0: all layers.
    /// </summary>
    public double FirstLayerDepth { get; init; }

    private CoarseFlowOptions Flow => new() { Heads = FlowHeads, HeadSelection = CoarseHeadSelection ?? HeadSelection };

    private bool NeedsMask => Constraint is HierarchicalConstraint.CoarseMask or HierarchicalConstraint.MaskAlone;

    /// <inheritdoc/>
    protected internal override void Plan(CapturePlan plan)
    {
        base.Plan(plan);
        if (NeedsMask)
        {
            plan.NeedRole(QueryRole.Coarse);
            if (Rollout.Form == RolloutForm.Tokens)
            {
                plan.NeedMask(Flow, Rollout);
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Flow.Validate();
        HeadSelection.Validate();
        Rollout.Validate();
        Aggregation.Validate();
        OptionChecks.Defined(Constraint, nameof(Constraint));
        OptionChecks.Share(FirstLayerDepth, nameof(FirstLayerDepth));
    }

    /// <inheritdoc/>
    protected internal override void ValidateFor(ModelInfo model)
    {
        base.ValidateFor(model);
        if (NeedsMask && CoarseConstraint.Refusal(Rollout, model.Grid) is { } refusal)
        {
            throw new ArgumentException($"{nameof(Rollout)} of method '{Name}': {refusal}");
        }
    }

    /// <inheritdoc/>
    protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        AggregationOptions aggregation = Aggregation with
        {
            FirstLayer = Math.Max(Aggregation.FirstLayer, LayerDepth.Of(FirstLayerDepth, attention.Layers)),
        };
        var constraint = new CoarseConstraint(Rollout, aggregation, attention.Layers, attention.Grid);
        if (Constraint == HierarchicalConstraint.MaskAlone)
        {
            Mask(attention, constraint).CopyTo(map);
            return;
        }

        ReadOnlySpan<float> layerMaps = attention.LayerMaps(role, query, Row, HeadSelection, Cleaning);
        ReadOnlySpan<float> mask = Constraint switch
        {
            HierarchicalConstraint.CoarseMask => Mask(attention, constraint),
            HierarchicalConstraint.UniformMask => Ones(attention.Cells),
            _ => [],
        };
        constraint.Ground(layerMaps, mask, map);
    }

    private ReadOnlySpan<float> Mask(CapturedAttention attention, CoarseConstraint constraint)
    {
        if (Rollout.Form == RolloutForm.Tokens)
        {
            return attention.Mask(Flow, Rollout);
        }

        float[] mask = new float[attention.Cells];
        ReadOnlySpan<float> coarse = attention.LayerMaps(QueryRole.Coarse, 0, Row, CoarseHeadSelection ?? HeadSelection, Cleaning);
        constraint.MaskByLayers(coarse, mask);
        return mask;
    }

    private static float[] Ones(int cells)
    {
        float[] ones = new float[cells];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
