namespace MLNetGrounding.Testing;

/// <summary>Numbers that must be others, not just rounded in another way.</summary>
public static class Difference
{
    private const double Rounding = 1e-3;

    /// <summary>
    /// Fails where no two numbers at the same place differ by more than a thousandth of the largest: another order of adding up, which
    /// hangs on the processor, makes them differ by less.
    /// </summary>
    /// <param name="first">Numbers.</param>
    /// <param name="second">As many others.</param>
    /// <param name="message">What their equality means.</param>
    public static void IsMoreThanRounding(IReadOnlyList<float> first, IReadOnlyList<float> second, string message = "")
    {
        Assert.HasCount(first.Count, second, message);
        double largest = first.Concat(second).Max(number => Math.Abs((double)number));
        double difference = first.Zip(second).Max(pair => Math.Abs((double)pair.First - pair.Second));
        Assert.IsGreaterThan(Rounding * largest, difference, message);
    }
}
