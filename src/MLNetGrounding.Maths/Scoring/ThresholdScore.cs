using System.Globalization;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// Hit, area, mPIR and overlap of the region of one threshold, in the order of <see cref="RegionColumns"/>. It serves one thread.
/// </summary>
/// <param name="threshold">From 0 to 1, see <see cref="Regions.Region.Threshold"/>.</param>
internal sealed class ThresholdScore(double threshold) : GroundingScore
{
    private bool[] _region = [];

    public override IReadOnlyList<ScoreColumn> Columns { get; } =
    [
        new(Named("hit", threshold)),
        new(Named("area", threshold), ScoreAggregate.Median),
        new(Named("mpir", threshold)),
        new(Named("iou", threshold)),
    ];

    public override void Score(in ScoredMap map, Span<float> scores)
    {
        if (_region.Length != map.Values.Length)
        {
            _region = new bool[map.Values.Length];
        }
        map.MarkRegion(threshold, _region);
        Write(PointInRegion.Score(_region, map.FrameFractions, map.KeyPoints), map.PartOverlap(_region), scores);
    }

    /// <summary>Scores a region that was not made from a map.</summary>
    /// <param name="hitRate">1 for a hit, 0 for a miss, or the share of hits of a region that was drawn several times.</param>
    /// <param name="area">The region's share of the frame.</param>
    /// <param name="scores">Receives the scores.</param>
    public static void ScoreRegion(double hitRate, double area, Span<float> scores)
    {
        RegionColumns columns = new(0);
        scores[columns.Hit] = (float)hitRate;
        scores[columns.Area] = (float)area;
        scores[columns.Mpir] = (float)RegionScore.MpirOf(hitRate, area);
        scores[columns.Overlap] = float.NaN;
    }

    private static void Write(in RegionScore score, double overlap, Span<float> scores)
    {
        RegionColumns columns = new(0);
        scores[columns.Hit] = score.Hit ? 1 : 0;
        scores[columns.Area] = (float)score.Area;
        scores[columns.Mpir] = (float)score.Mpir;
        scores[columns.Overlap] = (float)overlap;
    }

    private static string Named(string score, double threshold) => $"{score}@{threshold.ToString(CultureInfo.InvariantCulture)}";
}
