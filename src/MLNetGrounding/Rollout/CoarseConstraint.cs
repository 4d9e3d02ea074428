using MLNetGrounding.Maths.Aggregation;
using MLNetGrounding.Maths.Rollout;

namespace MLNetGrounding.Rollout;

/// <summary>
/// The hierarchical constraint: the mask that the coarse word's attention makes over all layers, and the fine words' layer maps summed up
/// under it (paper, section 3.2, equations 2 to 4). The component of a pipeline and the method of a comparison both are this.
/// </summary>
internal sealed class CoarseConstraint(RolloutOptions rollout, AggregationOptions aggregation, int layers, MapGrid grid)
{
    /// <summary>Why maps of this grid cannot be rolled out this way, or <see langword="null"/>.</summary>
    public static string? Refusal(RolloutOptions rollout, MapGrid grid) =>
        rollout.Form == RolloutForm.SpatialProduct && grid.Height != grid.Width
            ? $"{nameof(RolloutOptions.Form)} is {nameof(RolloutForm.SpatialProduct)}, which multiplies square maps as matrices, but there are {grid} cells. Choose another form."
            : null;

    /// <summary>The mask, from flow matrices <c>[layers, tokens, tokens]</c> and the sums of their uncut rows.</summary>
    /// <exception cref="ArgumentException">Row sums are negative, or finite numbers have products that are not.</exception>
    public void MaskByFlow(
        ReadOnlySpan<float> flow,
        ReadOnlySpan<float> rowSums,
        int tokens,
        ReadOnlySpan<int> coarsePositions,
        Span<float> mask
    ) => CoarseRollout.TokenMask(flow, rowSums, layers, tokens, coarsePositions, rollout, mask);

    /// <summary>The mask, from the coarse word's layer maps.</summary>
    /// <exception cref="ArgumentException">Finite numbers have products that are not.</exception>
    public void MaskByLayers(ReadOnlySpan<float> coarseLayerMaps, Span<float> mask) =>
        CoarseRollout.SpatialMask(coarseLayerMaps, layers, grid.Height, grid.Width, rollout, mask);

    /// <summary>The final map of a query from its layer maps and the mask; without a mask, which is empty then, their plain sum.</summary>
    public void Ground(ReadOnlySpan<float> layerMaps, ReadOnlySpan<float> mask, Span<float> map)
    {
        if (mask.IsEmpty)
        {
            HierarchicalAggregation.Sum(layerMaps, layers, aggregation, map);
        }
        else
        {
            HierarchicalAggregation.Aggregate(layerMaps, mask, layers, aggregation, map);
        }
    }
}
