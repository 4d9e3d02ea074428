namespace MLNetGrounding;

/// <summary>
/// What floating-point values of an image mean: those between are shades of gray, those beyond are cut off, NaN is black.
/// </summary>
/// <param name="Black">The value that is black. It may be the larger of the two.</param>
/// <param name="White">The value that is white.</param>
public readonly record struct FloatRange(float Black, float White)
{
    /// <summary>The level from 0 to 255 of a value.</summary>
    internal byte LevelOf(float value)
    {
        double share = ((double)value - Black) / ((double)White - Black);
        return share > 0 ? (byte)((Math.Min(share, 1) * 255) + 0.5) : (byte)0;
    }
}
