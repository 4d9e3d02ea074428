using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetGrounding.Maths.Numerics;

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

    /// <summary>Whether no value is NaN or infinite.</summary>
    public static bool AreFinite(ReadOnlySpan<float> values) => AreBetween(values, -float.MaxValue);

    /// <summary>Whether no value is NaN, infinite or negative.</summary>
    public static bool AreAttention(ReadOnlySpan<float> values) => AreBetween(values, 0);

    /// <summary>Smallest and largest value.</summary>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static (double Minimum, double Maximum) Range(ReadOnlySpan<float> map, string parameter)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(map);
        (Vector256<float> minima, Vector256<float> maxima) = (
            Vector256.Create(float.PositiveInfinity),
            Vector256.Create(float.NegativeInfinity)
        );
        Vector256<float> finite = Vector256<float>.AllBitsSet;
        foreach (Vector256<float> vector in vectors)
        {
            // Comparisons with NaN are false.
            finite &= Vector256.LessThanOrEqual(Vector256.Abs(vector), Vector256.Create(float.MaxValue));
            minima = Lanes.Smaller(minima, vector);
            maxima = Lanes.Larger(maxima, vector);
        }
        bool allFinite = finite.AsInt32() == Vector256<int>.AllBitsSet;
        (float minimum, float maximum) = (Lanes.Minimum(minima), Lanes.Maximum(maxima));
        foreach (float value in map[(vectors.Length * Vector256<float>.Count)..])
        {
            allFinite &= float.IsFinite(value);
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        return allFinite ? (minimum, maximum) : throw NotFinite(map, parameter);
    }

    /// <summary>Sum in the order of the values, in double precision.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0.0;
        foreach (float value in values)
        {
            sum += value;
        }
        return sum;
    }

    /// <summary>Writes the values divided by their maximum; where none is positive, zeros.</summary>
    public static void ScaleToMaximumOne(ReadOnlySpan<double> values, Span<float> scaled)
    {
        double maximum = 0.0;
        foreach (double value in values)
        {
            maximum = Math.Max(maximum, value);
        }
        for (int index = 0; index < values.Length; index++)
        {
            scaled[index] = maximum > 0 ? (float)(values[index] / maximum) : 0;
        }
    }

    private static bool AreBetween(ReadOnlySpan<float> values, float least)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        Vector256<float> inside = Vector256<float>.AllBitsSet;
        foreach (Vector256<float> vector in vectors)
        {
            // Comparisons with NaN are false.
            inside &=
                Vector256.GreaterThanOrEqual(vector, Vector256.Create(least))
                & Vector256.LessThanOrEqual(vector, Vector256.Create(float.MaxValue));
        }
        bool all = inside.AsInt32() == Vector256<int>.AllBitsSet;
        foreach (float value in values[(vectors.Length * Vector256<float>.Count)..])
        {
            all &= value >= least && value <= float.MaxValue;
        }
        return all;
    }

    private static ArgumentException NotFinite(ReadOnlySpan<float> map, string parameter)
    {
        int cell = 0;
        while (float.IsFinite(map[cell]))
        {
            cell++;
        }
        return new ArgumentException($"{parameter} holds {map[cell]} at element {cell}, expected a finite number.", parameter);
    }
}
