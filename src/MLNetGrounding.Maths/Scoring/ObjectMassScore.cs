namespace MLNetGrounding.Maths.Scoring;

/// <summary>The share of the map's mass on the whole object, to the pixel, see <see cref="MapMass"/>; NaN without its mask.</summary>
internal sealed class ObjectMassScore : GroundingScore
{
    public override IReadOnlyList<ScoreColumn> Columns { get; } = [new("mass_in_object")];

    public override void Score(in ScoredMap map, Span<float> scores) =>
        scores[0] = map.ObjectFractions.IsEmpty ? float.NaN : (float)MapMass.Inside(map.Values, map.ObjectFractions);
}
