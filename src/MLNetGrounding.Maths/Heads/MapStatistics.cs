using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Extremes of one head's attention map.</summary>
internal readonly record struct MapStatistics(float Minimum, float Maximum)
{
    public bool IsConstant => Maximum == Minimum;

    /// <exception cref="ArgumentException">A value is negative, NaN or infinite.</exception>
    public static MapStatistics Of(ReadOnlySpan<float> map, int head)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(map);
        (Vector256<float> minima, Vector256<float> maxima) = (Vector256.Create(float.PositiveInfinity), Vector256<float>.Zero);
        Vector256<float> valid = Vector256<float>.AllBitsSet;
        foreach (Vector256<float> vector in vectors)
        {
            // Comparisons with NaN are false.
            valid &=
                Vector256.GreaterThanOrEqual(vector, Vector256<float>.Zero)
                & Vector256.LessThanOrEqual(vector, Vector256.Create(float.MaxValue));
            minima = Lanes.Smaller(minima, vector);
            maxima = Lanes.Larger(maxima, vector);
        }
        bool allValid = valid.AsInt32() == Vector256<int>.AllBitsSet;
        (float minimum, float maximum) = (Lanes.Minimum(minima), Lanes.Maximum(maxima));
        foreach (float value in map[(vectors.Length * Vector256<float>.Count)..])
        {
            allValid &= IsAttention(value);
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        return allValid ? new MapStatistics(minimum, maximum) : throw NoAttention(map, head);
    }

    private static bool IsAttention(float value) => value is >= 0 and <= float.MaxValue;

    private static ArgumentException NoAttention(ReadOnlySpan<float> map, int head)
    {
        int cell = 0;
        while (IsAttention(map[cell]))
        {
            cell++;
        }
        return new ArgumentException(
            $"The attention of head {head} holds {map[cell]} at cell {cell}; attention is a finite number of at least 0.",
            nameof(map)
        );
    }
}
