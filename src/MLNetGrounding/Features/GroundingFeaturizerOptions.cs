namespace MLNetGrounding;

/// <summary>The columns and settings of grounding features.</summary>
public sealed class GroundingFeaturizerOptions : ComponentOptions
{
    /// <summary>
    /// Output: for each query the features of the place its map points at, floats <c>[queries, length]</c>, a vector that trainers take as
    /// it is. Default <c>GroundingFeatures</c>.
    /// </summary>
    public string GroundingFeaturesColumnName { get; set; } = GroundingColumns.GroundingFeatures;

    /// <summary>Input: the grounding maps, floats <c>[queries, gridHeight, gridWidth]</c>. Default <c>GroundingMaps</c>.</summary>
    public string GroundingMapsColumnName { get; set; } = GroundingColumns.GroundingMaps;

    /// <summary>
    /// Input: the projected visual token of each cell, floats <c>[gridHeight, gridWidth, length]</c>;
    /// <see cref="AttentionExtractorOptions.PatchFeaturesColumnName"/> makes them. Default <c>PatchFeatures</c>.
    /// </summary>
    public string PatchFeaturesColumnName { get; set; } = GroundingColumns.PatchFeatures;

    /// <summary>How much each cell of a map counts. Default: its share of the map's mass.</summary>
    public PoolingOptions Pooling { get; set; } = new();

    /// <summary>
    /// The three dimensions of <see cref="GroundingMapsColumnName"/>, for a column whose vectors are flat; those of
    /// <see cref="PatchFeaturesColumnName"/> follow from them. Default <see langword="null"/>: the columns' own.
    /// </summary>
    public IReadOnlyList<int>? GroundingMapDimensions { get; set; }

    /// <summary>The names of the queries, for a column that carries none. Default <see langword="null"/>: the column's own.</summary>
    public IReadOnlyList<string>? QueryNames { get; set; }

    private protected override void CopyLists()
    {
        GroundingMapDimensions = GroundingMapDimensions?.ToArray();
        QueryNames = QueryNames?.ToArray();
    }

    private protected override void CheckValues()
    {
        ArgumentNullException.ThrowIfNull(Pooling);
        Pooling.Validate();
    }
}
