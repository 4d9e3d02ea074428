namespace MLNetGrounding.Models.Generation;

/// <summary>A box or a point as an answer's numbers state it.</summary>
internal readonly record struct NamedPlace(double Left, double Top, double Right, double Bottom, bool IsPoint)
{
    /// <summary>A point.</summary>
    public static NamedPlace Point(double x, double y) => new(x, y, x, y, IsPoint: true);

    /// <summary>The smallest box around some corners.</summary>
    public static NamedPlace Around(params IReadOnlyList<(double X, double Y)> corners) =>
        new(
            corners.Min(corner => corner.X),
            corners.Min(corner => corner.Y),
            corners.Max(corner => corner.X),
            corners.Max(corner => corner.Y),
            IsPoint: false
        );
}
