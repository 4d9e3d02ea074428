namespace MLNetGrounding.Maths.Scoring;

/// <summary>Whether a key point lies in the cell of the maximum, and whether a pixel of the part does.</summary>
internal sealed class PointingScore : GroundingScore
{
    public override IReadOnlyList<ScoreColumn> Columns { get; } = [new("pointing"), new("part_pointing")];

    public override void Score(in ScoredMap map, Span<float> scores)
    {
        int peak = map.CellsByValue.IsEmpty ? VisibleKeyPoint.OutOfView : map.CellsByValue[0];
        scores[0] = 0;
        foreach (VisibleKeyPoint point in map.KeyPoints)
        {
            if (peak >= 0 && point.Cell == peak)
            {
                scores[0] = 1;
            }
        }
        scores[1] = map.PartReaches(peak) is { } reaches
            ? reaches
                ? 1
                : 0
            : float.NaN;
    }
}
