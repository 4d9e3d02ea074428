namespace MLNetGrounding.Maths;

/// <summary>One reading of the method: all options of all steps.</summary>
internal sealed record Reading(HeadSelectionOptions Heads, FlowHeads FlowHeads, RolloutOptions Rollout, AggregationOptions Aggregation)
{
    public static Reading Default { get; } = new(new(), FlowHeads.KeptMaximum, new(), new());

    /// <summary>The readings of the golden data, by the names of their arrays.</summary>
    public static IReadOnlyDictionary<string, Reading> All { get; } =
        new Dictionary<string, Reading>
        {
            ["default"] = Default,
            ["direction_high"] = Default with { Heads = new() { EntropyDirection = EntropyDirection.KeepHigh } },
            ["active_sum"] = Default with { Heads = new() { ActiveScaling = ActiveScaling.Sum } },
            ["active_max"] = Default with { Heads = new() { ActiveScaling = ActiveScaling.Maximum } },
            ["active_raw"] = Default with { Heads = new() { ActiveScaling = ActiveScaling.None } },
            ["conn8"] = Default with { Heads = new() { Connectivity = Connectivity.Eight } },
            ["keep_component"] = Default with { Heads = new() { KeptArea = KeptArea.LargestComponent } },
            ["union_minmax"] = Default with { Heads = new() { HeadScaling = HeadScaling.MinMax } },
            ["union_sum"] = Default with { Heads = new() { HeadScaling = HeadScaling.Sum } },
            ["empty_mean"] = Default with { Heads = new() { EmptyLayer = EmptyLayer.MeanOfAllHeads } },
            ["coarse_all_mean"] = Default with { FlowHeads = FlowHeads.AllMean },
            ["coarse_hsa_mean"] = Default with { FlowHeads = FlowHeads.KeptMean },
            ["coarse_all_max"] = Default with { FlowHeads = FlowHeads.AllMaximum },
            ["spatial_matmul"] = Default with { Rollout = new() { Form = RolloutForm.SpatialProduct } },
            ["spatial_hadamard"] = Default with { Rollout = new() { Form = RolloutForm.SpatialElementwise } },
            ["order_right"] = Default with { Rollout = new() { Order = RolloutOrder.BottomUp } },
            ["rownorm"] = Default with { Rollout = new() { RowNormalized = true } },
            ["abnar"] = Default with
            {
                FlowHeads = FlowHeads.AllMean,
                Rollout = new() { RowNormalized = true },
            },
            ["normalize_sum"] = Default with { Aggregation = new() { Normalization = WeightNormalization.Sum } },
            ["normalize_max"] = Default with { Aggregation = new() { Normalization = WeightNormalization.Maximum } },
            ["normalize_layers"] = Default with { Aggregation = new() { Normalization = WeightNormalization.AcrossLayers } },
        };
}
