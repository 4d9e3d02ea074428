using System.Globalization;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// All scores of one map of one query on one image, as a row of numbers: those of the map itself, those of the regions of each threshold and
/// those of the regions of each fixed area. It keeps buffers and serves one thread.
/// </summary>
internal sealed class MapScorer
{
    private const int MapColumns = 4;

    private readonly double[] _thresholds;
    private readonly double[] _areas;
    private readonly CellOrder _order;
    private readonly bool[] _region;

    /// <param name="grid">The cells of the maps.</param>
    /// <param name="thresholds">Where regions begin, each from 0 to 1; see <see cref="Region.Threshold"/>.</param>
    /// <param name="areas">Shares of the frame, each above 0 and at most 1; see <see cref="FixedArea"/>.</param>
    public MapScorer(MapGrid grid, IReadOnlyList<double> thresholds, IReadOnlyList<double> areas)
    {
        _thresholds = [.. thresholds];
        _areas = [.. areas];
        _order = new CellOrder(grid.Cells);
        _region = new bool[grid.Cells];
    }

    /// <summary>Whether a key point lies in the cell of the maximum.</summary>
    public const int Pointing = 0;

    /// <summary>Whether a pixel of the part's mask lies in the cell of the maximum; NaN without masks.</summary>
    public const int PartPointing = 1;

    /// <summary>The percentile rank of the best key point.</summary>
    public const int Rank = 2;

    /// <summary>The share of the map's mass in the bounding box; NaN without a box.</summary>
    public const int MassInBox = 3;

    /// <summary>The columns of a threshold.</summary>
    public static RegionColumns RegionAt(int threshold) => new(MapColumns + RegionColumns.Count * threshold);

    /// <summary>The columns of a fixed area.</summary>
    public static FixedAreaColumns FixedAreaAt(int area, int thresholds) =>
        new(MapColumns + RegionColumns.Count * thresholds + FixedAreaColumns.Count * area);

    /// <summary>The scores in order.</summary>
    public static ScoreColumn[] Columns(IReadOnlyList<double> thresholds, IReadOnlyList<double> areas) =>
    [
        new("pointing", ScoreAggregate.Mean),
        new("part_pointing", ScoreAggregate.Mean),
        new("auc", ScoreAggregate.Mean),
        new("mass_in_box", ScoreAggregate.Mean),
        .. thresholds.SelectMany(threshold => (ScoreColumn[])
        [
            new(Named("hit@", threshold), ScoreAggregate.Mean),
            new(Named("area@", threshold), ScoreAggregate.Median),
            new(Named("mpir@", threshold), ScoreAggregate.Mean),
            new(Named("iou@", threshold), ScoreAggregate.Mean),
        ]),
        .. areas.SelectMany(area => (ScoreColumn[])
        [
            new(Named("hit_at_area@", area), ScoreAggregate.Mean),
            new(Named("area_attained@", area), ScoreAggregate.Mean),
        ]),
    ];

    /// <summary>Scores a map.</summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>; finite.</param>
    /// <param name="image">What is annotated.</param>
    /// <param name="query">The query whose key points and part count; one of its key points must be visible.</param>
    /// <param name="scores">Receives the scores, as many as <see cref="Columns"/>.</param>
    public void ScoreMap(ReadOnlySpan<float> map, AnnotatedImage image, int query, Span<float> scores)
    {
        var points = image.Points(query);
        var order = _order.Of(map);
        var peak = order.IsEmpty ? VisibleKeyPoint.OutOfView : order[0];
        scores[Pointing] = Peaks(points, peak) ? 1 : 0;
        scores[PartPointing] = image.Parts?.Reaches(query, peak) is { } reaches ? reaches ? 1 : 0 : float.NaN;
        scores[Rank] = (float)PercentileRank.Best(map, image.FrameFractions, points);
        scores[MassInBox] = image.BoxFractions.IsEmpty ? float.NaN : (float)MapMass.Inside(map, image.BoxFractions);
        for (var index = 0; index < _thresholds.Length; index++)
        {
            Region.Threshold(map, _thresholds[index], _region);
            var score = PointInRegion.Score(_region, image.FrameFractions, points);
            var columns = RegionAt(index);
            scores[columns.Hit] = score.Hit ? 1 : 0;
            scores[columns.Area] = (float)score.Area;
            scores[columns.Mpir] = (float)score.Mpir;
            scores[columns.Overlap] = (float)(image.Parts?.Overlap(query, _region) ?? double.NaN);
        }
        for (var index = 0; index < _areas.Length; index++)
        {
            var score = FixedArea.Score(order, image.FrameFractions, points, _areas[index]);
            var columns = FixedAreaAt(index, _thresholds.Length);
            scores[columns.Hit] = score.Hit ? 1 : 0;
            scores[columns.Attained] = (float)score.Area;
        }
    }

    /// <summary>Scores a region that was not made from a map: the same at every threshold, and no score that needs a map.</summary>
    /// <param name="hitRate">1 for a hit, 0 for a miss, or the share of hits of a region that was drawn several times.</param>
    /// <param name="area">The region's share of the frame.</param>
    /// <param name="scores">Receives the scores, as many as <see cref="Columns"/>; NaN where a map is needed.</param>
    public void ScoreRegion(double hitRate, double area, Span<float> scores)
    {
        scores.Fill(float.NaN);
        for (var index = 0; index < _thresholds.Length; index++)
        {
            var columns = RegionAt(index);
            scores[columns.Hit] = (float)hitRate;
            scores[columns.Area] = (float)area;
            scores[columns.Mpir] = (float)RegionScore.MpirOf(hitRate, area);
        }
    }

    private static bool Peaks(ReadOnlySpan<VisibleKeyPoint> points, int peak)
    {
        foreach (var point in points)
        {
            if (peak >= 0 && point.Cell == peak)
            {
                return true;
            }
        }
        return false;
    }

    private static string Named(string score, double setting) => score + setting.ToString(CultureInfo.InvariantCulture);
}
