namespace MLNetGrounding.Maths;

/// <summary>Extremes and sum of one head's attention map.</summary>
internal readonly record struct MapStatistics(double Minimum, double Maximum, double Sum)
{
    public bool IsConstant => Maximum == Minimum;

    /// <exception cref="ArgumentException">A value is negative, NaN or infinite.</exception>
    public static MapStatistics Of(ReadOnlySpan<float> map, int head)
    {
        var (minimum, maximum, sum) = (float.PositiveInfinity, 0f, 0.0);
        for (var cell = 0; cell < map.Length; cell++)
        {
            var value = map[cell];
            if (!(value >= 0) || float.IsPositiveInfinity(value))
            {
                throw new ArgumentException(
                    $"The attention of head {head} holds {value} at cell {cell}; attention is a finite number of at least 0.",
                    nameof(map));
            }
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            sum += value;
        }
        return new MapStatistics(minimum, maximum, sum);
    }
}
