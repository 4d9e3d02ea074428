using Microsoft.ML;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>The columns and settings of head selection.</summary>
public sealed class HeadSelectorOptions : ComponentOptions
{
    /// <summary>
    /// Input: the fine words' attention, floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>. Default <c>FineAttention</c>.
    /// </summary>
    public string FineAttentionColumnName { get; set; } = GroundingColumns.FineAttention;

    /// <summary>
    /// Input: the coarse word's attention, floats <c>[layers, heads, gridHeight, gridWidth]</c>. Only the spatial forms of the rollout need
    /// it (<see cref="RolloutForm"/>). Default <see langword="null"/>: there is no output <see cref="CoarseLayerMapsColumnName"/>.
    /// </summary>
    public string? CoarseAttentionColumnName { get; set; }

    /// <summary>
    /// Output: the layer maps, floats <c>[queries, layers, gridHeight, gridWidth]</c>. Default <c>LayerMaps</c>.
    /// </summary>
    public string LayerMapsColumnName { get; set; } = GroundingColumns.LayerMaps;

    /// <summary>Output: 1 for each head that is kept, else 0, floats <c>[queries, layers, heads]</c>. Default <c>KeptHeads</c>.</summary>
    public string KeptHeadsColumnName { get; set; } = GroundingColumns.KeptHeads;

    /// <summary>
    /// Output: each head's normalized entropy, floats <c>[queries, layers, heads]</c>. Default <see langword="null"/>: no such column.
    /// </summary>
    public string? EntropyColumnName { get; set; }

    /// <summary>
    /// Output: each head's compactness, floats <c>[queries, layers, heads]</c>. Default <see langword="null"/>: no such column.
    /// </summary>
    public string? CompactnessColumnName { get; set; }

    /// <summary>
    /// Output, where <see cref="CoarseAttentionColumnName"/> is set: the coarse word's layer maps, floats
    /// <c>[layers, gridHeight, gridWidth]</c>. Default <c>CoarseLayerMaps</c>.
    /// </summary>
    public string CoarseLayerMapsColumnName { get; set; } = GroundingColumns.CoarseLayerMaps;

    /// <summary>
    /// Which heads are kept and how they become one map per layer. Default <see langword="null"/>: as the attention was extracted with,
    /// which its column says (<see cref="AttentionExtractorOptions.HeadSelection"/>); the paper's values where it says nothing.
    /// </summary>
    public HeadSelectionOptions? HeadSelection { get; set; }

    /// <summary>
    /// The same for the coarse word's layer maps. Default <see langword="null"/>: as <see cref="HeadSelection"/>, and where that is
    /// <see langword="null"/> too, as the coarse word's attention was extracted with.
    /// </summary>
    public HeadSelectionOptions? CoarseHeadSelection { get; set; }

    /// <summary>
    /// The heads to keep in every row and for every query, instead of those that pass the thresholds of <see cref="HeadSelection"/>; its
    /// other settings say how they become one map per layer, and layers without such a head contribute zero. A map that is constant is left
    /// out. The coarse word's layer maps are selected by thresholds all the same. Default <see langword="null"/>: by the thresholds, row by
    /// row.
    /// </summary>
    public IReadOnlyList<AttentionHead>? Heads { get; set; }

    /// <summary>
    /// Learns <see cref="Heads"/> from the rows that <see cref="RowMapEstimator{TTransformer}.Fit"/> is given. Default
    /// <see langword="null"/>: nothing is learned and no row is read.
    /// </summary>
    public HeadFittingOptions? Fitting { get; set; }

    /// <summary>
    /// The five dimensions of <see cref="FineAttentionColumnName"/>, for a column whose vectors are flat.
    /// Default <see langword="null"/>: the column's own.
    /// </summary>
    public IReadOnlyList<int>? AttentionDimensions { get; set; }

    /// <summary>The names of the queries, for a column that carries none. Default <see langword="null"/>: the column's own.</summary>
    public IReadOnlyList<string>? QueryNames { get; set; }

    private protected override void CopyLists()
    {
        AttentionDimensions = AttentionDimensions?.ToArray();
        QueryNames = QueryNames?.ToArray();
        Heads = Heads?.ToArray();
    }

    private protected override void CheckValues()
    {
        HeadSelection?.Validate();
        CoarseHeadSelection?.Validate();
        Fitting?.Validate();
        if (Heads is not null)
        {
            CheckHeads(Heads, Fitting);
        }
    }

    /// <summary>A copy that keeps the heads that were learned.</summary>
    internal HeadSelectorOptions WithLearned(IReadOnlyList<AttentionHead> heads)
    {
        HeadSelectorOptions copy = this.Copied();
        copy.Heads = heads;
        copy.Fitting = null;
        return copy;
    }

    /// <summary>The selection for the maps of a column: as stated, else as the column says.</summary>
    internal HeadSelectionOptions SelectionFor(DataViewSchema.Column fine) =>
        HeadSelection ?? SelectionAnnotation.Of(fine) ?? new HeadSelectionOptions();

    /// <summary>The same for the coarse word.</summary>
    internal HeadSelectionOptions SelectionForCoarse(DataViewSchema.Column coarse) => CoarseHeadSelection ?? SelectionFor(coarse);

    private static void CheckHeads(IReadOnlyList<AttentionHead> heads, HeadFittingOptions? fitting)
    {
        if (fitting is not null)
        {
            throw new ArgumentException(
                $"{nameof(Heads)} and {nameof(Fitting)} exclude each other: heads are either stated or learned. Set one of them."
            );
        }

        if (heads.Count == 0 || heads.Any(head => head.Layer < 0 || head.Head < 0 || !(head.Frequency >= 0 && head.Frequency <= 1)))
        {
            throw new ArgumentException(
                $"{nameof(Heads)} must name at least one head, each by a layer and a head from 0 and with a frequency between 0 and 1.",
                nameof(heads)
            );
        }

        if (heads.DistinctBy(head => (head.Layer, head.Head)).Count() < heads.Count)
        {
            throw new ArgumentException($"{nameof(Heads)} names a head twice.", nameof(heads));
        }
    }
}
