namespace MLNetGrounding.Maths;

/// <summary>Checks and small sums over spans of maps.</summary>
internal static class Numbers
{
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ThrowIfLengthIsNot(int expected, int actual, string shape, string parameter)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{parameter} has {actual} elements, expected {expected}, {shape}.", parameter);
        }
    }

    /// <summary>Smallest and largest value.</summary>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static (double Minimum, double Maximum) Range(ReadOnlySpan<float> map, string parameter)
    {
        var (minimum, maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var cell = 0; cell < map.Length; cell++)
        {
            var value = map[cell];
            if (!float.IsFinite(value))
            {
                throw new ArgumentException($"{parameter} holds {value} at element {cell}, expected a finite number.", parameter);
            }
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        return (minimum, maximum);
    }

    /// <summary>Writes the values divided by their maximum; where none is positive, zeros.</summary>
    public static void ScaleToMaximumOne(ReadOnlySpan<double> values, Span<float> scaled)
    {
        var maximum = 0.0;
        foreach (var value in values)
        {
            maximum = Math.Max(maximum, value);
        }
        for (var index = 0; index < values.Length; index++)
        {
            scaled[index] = maximum > 0 ? (float)(values[index] / maximum) : 0;
        }
    }
}
