using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Scoring;

namespace MLNetGrounding;

/// <summary>The columns and settings of the evaluation by key points.</summary>
public sealed class MpirEvaluatorOptions : ComponentOptions
{
    /// <summary>Input: the grounding maps, floats <c>[queries, gridHeight, gridWidth]</c>. Default <c>GroundingMaps</c>.</summary>
    public string GroundingMapsColumnName { get; set; } = GroundingColumns.GroundingMaps;

    /// <summary>
    /// Input: x and y of each key point in pixels of the original image, floats <c>[points, 2]</c>. Default <c>KeyPoints</c>.
    /// </summary>
    public string KeyPointsColumnName { get; set; } = GroundingColumns.KeyPoints;

    /// <summary>Input: 1 for each visible key point, else 0, floats <c>[points]</c>. Default <c>KeyPointVisible</c>.</summary>
    public string KeyPointVisibleColumnName { get; set; } = GroundingColumns.KeyPointVisible;

    /// <summary>
    /// Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats in the order given there.
    /// Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; set; } = GroundingColumns.Geometry;

    /// <summary>
    /// Output: 1 where a visible key point of the query lies in the predicted region, else 0, floats <c>[queries]</c>.
    /// NaN: not scored. Default <c>Hit</c>.
    /// </summary>
    public string HitColumnName { get; set; } = GroundingColumns.Hit;

    /// <summary>
    /// Output: the predicted region's share of the image's frame, floats <c>[queries]</c> from 0 to 1. NaN: not scored. Default
    /// <c>Area</c>.
    /// </summary>
    public string AreaColumnName { get; set; } = GroundingColumns.Area;

    /// <summary>Output: 1 / area for a hit, else 0, floats <c>[queries]</c>. NaN: not scored. Default <c>Mpir</c>.</summary>
    public string MpirColumnName { get; set; } = GroundingColumns.Mpir;

    /// <summary>
    /// The predicted region is where the map, scaled to 0..1, is at least this, from 0 to 1. Default 0.05, the one pixel threshold that the
    /// paper states; report others beside it.
    /// </summary>
    public double RegionThreshold { get; set; } = Defaults.RegionThreshold;

    /// <summary>
    /// For each query name the indices of the key points that count for it; an empty list means that the query is never scored. Default
    /// <see langword="null"/>, and for queries that it lacks: as the column of key points says (<see cref="KeyPointDescription"/>), else
    /// the point of the query's name. A query with neither is not scored, which the log says. <c>Fit</c> looks the points up, and a saved
    /// model holds them.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>>? KeyPointTable { get; set; }

    /// <summary>
    /// The three dimensions of <see cref="GroundingMapsColumnName"/>, for a column whose vectors are flat.
    /// Default <see langword="null"/>: the column's own.
    /// </summary>
    public IReadOnlyList<int>? GroundingMapDimensions { get; set; }

    /// <summary>The names of the queries, for a column that carries none. Default <see langword="null"/>: the column's own.</summary>
    public IReadOnlyList<string>? QueryNames { get; set; }

    /// <summary>A copy with the key points as looked up.</summary>
    internal MpirEvaluatorOptions With(QueryKeyPoints keyPoints)
    {
        MpirEvaluatorOptions copy = this.Copied();
        copy.KeyPointTable = keyPoints.Table;
        return copy;
    }

    private protected override void CopyLists()
    {
        KeyPointTable = Scoring.KeyPointTable.Copy(KeyPointTable);
        GroundingMapDimensions = GroundingMapDimensions?.ToArray();
        QueryNames = QueryNames?.ToArray();
    }

    private protected override void CheckValues()
    {
        OptionChecks.Share(RegionThreshold, nameof(RegionThreshold));
    }

    internal static class Defaults
    {
        public const double RegionThreshold = Region.DefaultThreshold;
    }
}
