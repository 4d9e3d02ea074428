namespace MLNetGrounding.Maths.Scoring;

/// <summary>Whether the map is the same everywhere, as one of zeros is: it has no region and no peak.</summary>
internal sealed class ConstantMapScore : GroundingScore
{
    public override IReadOnlyList<ScoreColumn> Columns { get; } = [new("constant_map")];

    public override void Score(in ScoredMap map, Span<float> scores) => scores[0] = map.CellsByValue.IsEmpty ? 1 : 0;
}
