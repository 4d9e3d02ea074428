namespace MLNetGrounding;

/// <summary>A score over images, with the interval that it would lie in for other images of the same kind.</summary>
/// <param name="Value">The score over all images; NaN where nothing was scored.</param>
/// <param name="Low">The lower end of the interval; NaN where there is none.</param>
/// <param name="High">The upper end of the interval; NaN where there is none.</param>
public readonly record struct Estimate(double Value, double Low, double High)
{
    /// <summary>No score.</summary>
    public static Estimate None { get; } = new(double.NaN, double.NaN, double.NaN);
}
