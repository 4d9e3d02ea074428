namespace MLNetGrounding;

/// <summary>The columns and settings of the coarse rollout and the sum over the layers.</summary>
public sealed class RolloutMaskerOptions : ComponentOptions
{
    /// <summary>
    /// Input: the fine words' layer maps, floats <c>[queries, layers, gridHeight, gridWidth]</c>. Default <c>LayerMaps</c>.
    /// </summary>
    public string LayerMapsColumnName { get; set; } = GroundingColumns.LayerMaps;

    /// <summary>
    /// Input of <see cref="RolloutForm.Tokens"/>: the coarse word's flow matrices, floats <c>[layers, tokens, tokens]</c>, cut to the block
    /// from the first visual token to the last token of the coarse word. Default <c>CoarseFlow</c>.
    /// </summary>
    public string CoarseFlowColumnName { get; set; } = GroundingColumns.CoarseFlow;

    /// <summary>
    /// Input of <see cref="RolloutOptions.RowNormalized"/>: the sums of the flow matrices' uncut rows, floats <c>[layers, tokens]</c>.
    /// Default <c>FlowRowSums</c>.
    /// </summary>
    public string FlowRowSumsColumnName { get; set; } = GroundingColumns.FlowRowSums;

    /// <summary>
    /// Input of the spatial forms of <see cref="RolloutForm"/>: the coarse word's layer maps, floats
    /// <c>[layers, gridHeight, gridWidth]</c>. Default <c>CoarseLayerMaps</c>.
    /// </summary>
    public string CoarseLayerMapsColumnName { get; set; } = GroundingColumns.CoarseLayerMaps;

    /// <summary>
    /// Input: a mask computed before, floats <c>[gridHeight, gridWidth]</c>, taken instead of a rollout; keeping it and the layer maps is
    /// enough to try other settings later. Default <see langword="null"/>: the mask is computed.
    /// </summary>
    public string? MaskInputColumnName { get; set; }

    /// <summary>Whether to do without a mask, as if it were 1 everywhere. Default <see langword="false"/>.</summary>
    public bool UniformMask { get; set; }

    /// <summary>Output: the mask, floats <c>[gridHeight, gridWidth]</c>, maximum 1. Default <c>CoarseMask</c>.</summary>
    public string CoarseMaskColumnName { get; set; } = GroundingColumns.CoarseMask;

    /// <summary>Output: the grounding maps, floats <c>[queries, gridHeight, gridWidth]</c>. Default <c>GroundingMaps</c>.</summary>
    public string GroundingMapsColumnName { get; set; } = GroundingColumns.GroundingMaps;

    /// <summary>The rollout. Default: the paper's.</summary>
    public RolloutOptions Rollout { get; set; } = new();

    /// <summary>The constraint by the mask and the sum over the layers. Default: the paper's.</summary>
    public AggregationOptions Aggregation { get; set; } = new();

    /// <summary>
    /// How the flow matrices must have been built. They cannot be rebuilt here: a flow column that carries other settings
    /// (<see cref="GroundingAnnotations.CoarseFlowOptions"/>) is refused. Default <see langword="null"/>: any.
    /// </summary>
    public CoarseFlowOptions? ExpectedFlow { get; set; }

    /// <summary>
    /// Whether a flow column is taken although its annotations contradict <see cref="ExpectedFlow"/> or <see cref="CoarsePositions"/>.
    /// Default <see langword="false"/>.
    /// </summary>
    public bool AllowFlowMismatch { get; set; }

    /// <summary>
    /// The rows of the flow matrices that belong to the coarse word; the mask is the mean of their rollout rows. Default
    /// <see langword="null"/>: as annotated on the flow column (<see cref="GroundingAnnotations.CoarsePositions"/>), else the last row.
    /// </summary>
    public IReadOnlyList<int>? CoarsePositions { get; set; }

    /// <summary>
    /// The four dimensions of <see cref="LayerMapsColumnName"/>, for a column whose vectors are flat; the other inputs' follow from them.
    /// Default <see langword="null"/>: the columns' own.
    /// </summary>
    public IReadOnlyList<int>? LayerMapDimensions { get; set; }

    /// <summary>The names of the queries, for a column that carries none. Default <see langword="null"/>: the column's own.</summary>
    public IReadOnlyList<string>? QueryNames { get; set; }

    private protected override void CopyLists()
    {
        CoarsePositions = CoarsePositions?.ToArray();
        LayerMapDimensions = LayerMapDimensions?.ToArray();
        QueryNames = QueryNames?.ToArray();
    }

    private protected override void CheckValues()
    {
        ArgumentNullException.ThrowIfNull(Rollout);
        ArgumentNullException.ThrowIfNull(Aggregation);
        Rollout.Validate();
        Aggregation.Validate();
        ExpectedFlow?.Validate();
        if (UniformMask && MaskInputColumnName is not null)
        {
            throw new ArgumentException($"{nameof(UniformMask)} and {nameof(MaskInputColumnName)} exclude each other. Set one of them.");
        }
    }
}
