namespace MLNetGrounding;

/// <summary>The columns and the rule of regions.</summary>
public sealed class RegionFinderOptions : ComponentOptions
{
    /// <summary>Input: the maps of a method, floats <c>[queries, gridHeight, gridWidth]</c>. Default <c>GroundingMaps</c>.</summary>
    public string GroundingMapsColumnName { get; set; } = GroundingColumns.GroundingMaps;

    /// <summary>
    /// Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats. Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; set; } = GroundingColumns.Geometry;

    /// <summary>
    /// Output: 1 for each cell of a query's region, else 0, floats <c>[queries, gridHeight, gridWidth]</c>; all 0 for a map that is the
    /// same everywhere, NaN where the map could not be computed. Default <c>Regions</c>.
    /// </summary>
    public string RegionsColumnName { get; set; } = GroundingColumns.Regions;

    /// <summary>
    /// Output: x, y, width and height of the box of each query's region in pixels of the original image, floats <c>[queries, 4]</c>; NaN
    /// where there is none. Default <c>RegionBoxes</c>.
    /// </summary>
    public string RegionBoxesColumnName { get; set; } = GroundingColumns.RegionBoxes;

    /// <summary>How a map becomes a region. Default <see cref="ThresholdRegion"/>, 0.05.</summary>
    public RegionRule Rule { get; set; } = new ThresholdRegion();

    /// <summary>
    /// The three dimensions of <see cref="GroundingMapsColumnName"/>, for a column whose vectors are flat.
    /// Default <see langword="null"/>: the column's own.
    /// </summary>
    public IReadOnlyList<int>? GroundingMapDimensions { get; set; }

    /// <summary>
    /// The names of the queries, for a column that carries none. Default <see langword="null"/>: the column's own, or none.
    /// </summary>
    public IReadOnlyList<string>? QueryNames { get; set; }

    private protected override void CopyLists()
    {
        GroundingMapDimensions = GroundingMapDimensions?.ToArray();
        QueryNames = QueryNames?.ToArray();
    }

    private protected override void CheckValues()
    {
        ArgumentNullException.ThrowIfNull(Rule);
        Rule.Validate();
    }
}
