using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Scoring;

namespace MLNetGrounding;

/// <summary>The columns and settings of drawing grounding maps over images.</summary>
public sealed class GroundingDrawerOptions : ComponentOptions
{
    /// <summary>Input: the images; a row whose image is <see langword="null"/> gets no overlay. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = GroundingColumns.Image;

    /// <summary>
    /// Input: the grounding maps, floats <c>[queries, gridHeight, gridWidth]</c> with query names. Default <c>GroundingMaps</c>.
    /// </summary>
    public string GroundingMapsColumnName { get; set; } = GroundingColumns.GroundingMaps;

    /// <summary>
    /// Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats. Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; set; } = GroundingColumns.Geometry;

    /// <summary>
    /// Input: x and y of each key point in pixels of the original image, floats <c>[points, 2]</c>, to be marked as hit or missed.
    /// Default <see langword="null"/>: no key points are drawn.
    /// </summary>
    public string? KeyPointsColumnName { get; set; }

    /// <summary>
    /// Input, with key points: 1 for each visible key point, else 0, floats <c>[points]</c>. Default <c>KeyPointVisible</c>.
    /// </summary>
    public string KeyPointVisibleColumnName { get; set; } = GroundingColumns.KeyPointVisible;

    /// <summary>
    /// For each query name the indices of its key points. Default <see langword="null"/>, and for queries that it lacks: as the column of
    /// key points says (<see cref="KeyPointDescription"/>), else the point of the query's name. <c>Fit</c> looks the points up, and a saved
    /// model holds them.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>>? KeyPointTable { get; set; }

    /// <summary>
    /// Output: the overlays, <see cref="Microsoft.ML.Data.MLImage"/>, as large as the image or as <see cref="Look"/> says;
    /// <see langword="null"/> where the row could not be computed. Default <c>Overlay</c>.
    /// </summary>
    public string OverlayColumnName { get; set; } = GroundingColumns.Overlay;

    /// <summary>The query whose map is drawn. Default <see langword="null"/>: all queries side by side.</summary>
    public string? Query { get; set; }

    /// <summary>The outlined region is where the map, scaled to 0..1, is at least this, from 0 to 1. Default 0.05.</summary>
    public double RegionThreshold { get; set; } = Defaults.RegionThreshold;

    /// <summary>Whether the query's name is written into the overlay. Default <see langword="true"/>.</summary>
    public bool Label { get; set; } = true;

    /// <summary>Whether a bar with the map's colors is drawn into the overlay. Default <see langword="false"/>.</summary>
    public bool Legend { get; set; }

    /// <summary>How the map lies on the image. Default: the overlay's own look.</summary>
    public GroundingOverlayOptions Look { get; set; } = new();

    /// <summary>A copy with the key points as looked up, if any are drawn. A saved drawer has a table in any case.</summary>
    internal GroundingDrawerOptions With(QueryKeyPoints? keyPoints)
    {
        GroundingDrawerOptions copy = this.Copied();
        copy.KeyPointTable = keyPoints?.Table ?? new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        return copy;
    }

    private protected override void CopyLists()
    {
        KeyPointTable = Scoring.KeyPointTable.Copy(KeyPointTable);
    }

    private protected override void CheckValues()
    {
        ArgumentNullException.ThrowIfNull(Look);
        OptionChecks.Share(RegionThreshold, nameof(RegionThreshold));
        Look.Validate();
    }

    internal static class Defaults
    {
        public const double RegionThreshold = Region.DefaultThreshold;
    }
}
