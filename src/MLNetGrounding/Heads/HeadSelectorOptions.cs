namespace MLNetGrounding;

/// <summary>The columns and settings of head selection.</summary>
public sealed class HeadSelectorOptions
{
    /// <summary>
    /// Input: the fine words' attention, floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>. Default <c>FineAttention</c>.
    /// </summary>
    public string FineAttentionColumnName { get; set; } = "FineAttention";

    /// <summary>
    /// Input: the coarse word's attention, floats <c>[layers, heads, gridHeight, gridWidth]</c>. Only the spatial forms of the rollout need
    /// it (<see cref="RolloutForm"/>). Default <see langword="null"/>: there is no output <see cref="CoarseLayerMapsColumnName"/>.
    /// </summary>
    public string? CoarseAttentionColumnName { get; set; }

    /// <summary>
    /// Output: the layer maps, floats <c>[queries, layers, gridHeight, gridWidth]</c>. Default <c>LayerMaps</c>.
    /// </summary>
    public string LayerMapsColumnName { get; set; } = "LayerMaps";

    /// <summary>Output: 1 for each head that is kept, else 0, floats <c>[queries, layers, heads]</c>. Default <c>KeptHeads</c>.</summary>
    public string KeptHeadsColumnName { get; set; } = "KeptHeads";

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
    public string CoarseLayerMapsColumnName { get; set; } = "CoarseLayerMaps";

    /// <summary>Which heads are kept and how they become one map per layer. Default: the paper's values.</summary>
    public HeadSelectionOptions HeadSelection { get; set; } = new();

    /// <summary>The same for the coarse word. Default <see langword="null"/>: as <see cref="HeadSelection"/>.</summary>
    public HeadSelectionOptions? CoarseHeadSelection { get; set; }

    /// <summary>
    /// The heads to keep in every row and for every query, instead of those that pass the thresholds of <see cref="HeadSelection"/>; its
    /// other settings say how they become one map per layer, and layers without such a head contribute zero. A map that is constant is left out.
    /// The coarse word's layer maps are selected by thresholds all the same. Default <see langword="null"/>: by the thresholds, row by row.
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

    internal HeadSelectorOptions CheckedCopy()
    {
        var copy = (HeadSelectorOptions)MemberwiseClone();
        ArgumentException.ThrowIfNullOrEmpty(copy.FineAttentionColumnName, nameof(FineAttentionColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.LayerMapsColumnName, nameof(LayerMapsColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.KeptHeadsColumnName, nameof(KeptHeadsColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.CoarseLayerMapsColumnName, nameof(CoarseLayerMapsColumnName));
        ArgumentNullException.ThrowIfNull(copy.HeadSelection, nameof(HeadSelection));
        copy.HeadSelection.Validate();
        copy.CoarseHeadSelection?.Validate();
        copy.Fitting?.Validate();
        copy.AttentionDimensions = AttentionDimensions?.ToArray();
        copy.QueryNames = QueryNames?.ToArray();
        if (copy.Heads is not null)
        {
            copy.Heads = CheckedHeads(copy.Heads, copy.Fitting);
        }

        return copy;
    }

    /// <summary>A copy that keeps the heads that were learned.</summary>
    internal HeadSelectorOptions WithLearned(IReadOnlyList<AttentionHead> heads)
    {
        var copy = (HeadSelectorOptions)MemberwiseClone();
        copy.Heads = heads;
        copy.Fitting = null;
        return copy;
    }

    private static AttentionHead[] CheckedHeads(IReadOnlyList<AttentionHead> heads, HeadFittingOptions? fitting)
    {
        if (fitting is not null)
        {
            throw new ArgumentException($"{nameof(Heads)} and {nameof(Fitting)} exclude each other: heads are either stated or learned. Set one of them.");
        }

        if (heads.Count == 0 || heads.Any(head => head.Layer < 0 || head.Head < 0 || !(head.Frequency >= 0 && head.Frequency <= 1)))
        {
            throw new ArgumentException($"{nameof(Heads)} must name at least one head, each by a layer and a head from 0 and with a frequency between 0 and 1.", nameof(heads));
        }

        return heads.DistinctBy(head => (head.Layer, head.Head)).Count() == heads.Count
            ? [.. heads]
            : throw new ArgumentException($"{nameof(Heads)} names a head twice.", nameof(heads));
    }
}
