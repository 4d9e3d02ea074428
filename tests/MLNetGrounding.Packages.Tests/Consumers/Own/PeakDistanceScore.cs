using MLNetGrounding;

namespace Contoso;

/// <summary>How far the map's largest value is from the nearest visible key point.</summary>
public sealed class PeakDistanceScore : GroundingScore
{
    public override IReadOnlyList<ScoreColumn> Columns { get; } =
    [
        new("peak_distance", ScoreAggregate.Median)
        {
            Description = "from the middle of the cell of the largest value to the nearest key point, as a share of the image's diagonal",
        },
    ];

    public override void Score(in ScoredMap map, Span<float> scores)
    {
        if (map.CellsByValue.IsEmpty)
        {
            // A constant map has no peak.
            scores[0] = float.NaN;
            return;
        }

        int peak = map.CellsByValue[0];
        (double left, double top, double right, double bottom) = map.Geometry.CellToPixels(peak / map.Grid.Width, peak % map.Grid.Width);
        double nearest = double.PositiveInfinity;
        foreach (VisibleKeyPoint point in map.KeyPoints)
        {
            nearest = Math.Min(nearest, double.Hypot(point.X - ((left + right) / 2), point.Y - ((top + bottom) / 2)));
        }

        scores[0] = (float)(nearest / double.Hypot(map.Geometry.ImageWidth, map.Geometry.ImageHeight));
    }
}
