using System.Globalization;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>Hit and attained area of the region of one fixed area, in the order of <see cref="FixedAreaColumns"/>.</summary>
/// <param name="area">The share of the frame to reach, above 0 and at most 1; see <see cref="FixedArea"/>.</param>
internal sealed class FixedAreaScore(double area) : GroundingScore
{
    public override IReadOnlyList<ScoreColumn> Columns { get; } =
    [
        new($"hit_at_area@{area.ToString(CultureInfo.InvariantCulture)}"),
        new($"area_attained@{area.ToString(CultureInfo.InvariantCulture)}"),
    ];

    public override void Score(in ScoredMap map, Span<float> scores)
    {
        FixedAreaColumns columns = new(0);
        RegionScore score = FixedArea.Score(map.CellsByValue, map.FrameFractions, map.KeyPoints, area);
        scores[columns.Hit] = score.Hit ? 1 : 0;
        scores[columns.Attained] = (float)score.Area;
    }
}
