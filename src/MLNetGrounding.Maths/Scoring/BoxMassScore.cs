namespace MLNetGrounding.Maths.Scoring;

/// <summary>The share of the map's mass in the bounding box, see <see cref="MapMass"/>; NaN without a box.</summary>
internal sealed class BoxMassScore : GroundingScore
{
    public override IReadOnlyList<ScoreColumn> Columns { get; } = [new("mass_in_box")];

    public override void Score(in ScoredMap map, Span<float> scores) =>
        scores[0] = map.BoxFractions.IsEmpty ? float.NaN : (float)MapMass.Inside(map.Values, map.BoxFractions);
}
