namespace MLNetGrounding.Maths.Scoring;

/// <summary>The percentile rank of the best key point, see <see cref="PercentileRank"/>.</summary>
internal sealed class RankScore : GroundingScore
{
    public override IReadOnlyList<ScoreColumn> Columns { get; } = [new("auc")];

    public override void Score(in ScoredMap map, Span<float> scores) =>
        scores[0] = (float)PercentileRank.Best(map.Values, map.FrameFractions, map.KeyPoints);
}
