using System.Text.Json;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding;

/// <summary>
/// How well the regions of one rule point: <c>hit@</c>, <c>area@</c>, <c>mpir@</c> and <c>iou@</c> with the rule's name. For
/// <see cref="GroundingScore"/>s besides the library's thresholds, so that rules are compared on the same maps.
/// </summary>
/// <remarks>A map that is the same everywhere has no region: a miss of area 0.</remarks>
public sealed class RegionRuleScore : GroundingScore
{
    private readonly RegionRule _rule;

    /// <param name="rule">How a map becomes a region.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting of the rule is out of its range.</exception>
    public RegionRuleScore(RegionRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rule.Validate();
        _rule = rule;
        Columns =
        [
            new($"hit@{rule.Name}"),
            new($"area@{rule.Name}", ScoreAggregate.Median),
            new($"mpir@{rule.Name}"),
            new($"iou@{rule.Name}"),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ScoreColumn> Columns { get; }

    /// <inheritdoc/>
    public override string Settings => JsonSerializer.Serialize(_rule);

    /// <inheritdoc/>
    public override void Score(in ScoredMap map, Span<float> scores)
    {
        bool[] region = new bool[map.Values.Length];
        _rule.Mark(map.Values, map.Geometry, region);
        var score = RegionScore.Of(map.IsHit(region), map.AreaOf(region));
        RegionColumns columns = new(0);
        scores[columns.Hit] = score.Hit ? 1 : 0;
        scores[columns.Area] = (float)score.Area;
        scores[columns.Mpir] = (float)score.Mpir;
        scores[columns.Overlap] = (float)map.PartOverlap(region);
    }
}
