using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNetGrounding.Maths.Numerics;

/// <summary>Vector operations for lanes without NaN, with the same results on every machine, however wide its vectors are.</summary>
internal static class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Smaller<T>(Vector256<T> left, Vector256<T> right) =>
#if NET9_0_OR_GREATER
        Vector256.MinNative(left, right);
#else
        Vector256.Min(left, right);
#endif

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Larger<T>(Vector256<T> left, Vector256<T> right) =>
#if NET9_0_OR_GREATER
        Vector256.MaxNative(left, right);
#else
        Vector256.Max(left, right);
#endif

    /// <summary>
    /// left * right + addend, rounded twice on every machine: where a processor rounds once, the results would be its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        (left * right) + addend;

    /// <summary>The lower and the upper half, added in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> WidenedSum(Vector256<float> vector) => Vector256.WidenLower(vector) + Vector256.WidenUpper(vector);

    /// <summary>The lanes' sum, added in one order on every machine.</summary>
    public static double Sum(Vector256<double> vector) => vector[0] + vector[1] + (vector[2] + vector[3]);

    public static float Minimum(Vector256<float> vector)
    {
        Vector256<float> half = Smaller(vector, Vector256.Shuffle(vector, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)));
        Vector256<float> quarter = Smaller(half, Vector256.Shuffle(half, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)));
        return Smaller(quarter, Vector256.Shuffle(quarter, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6))).ToScalar();
    }

    public static float Maximum(Vector256<float> vector)
    {
        Vector256<float> half = Larger(vector, Vector256.Shuffle(vector, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)));
        Vector256<float> quarter = Larger(half, Vector256.Shuffle(half, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)));
        return Larger(quarter, Vector256.Shuffle(quarter, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6))).ToScalar();
    }

    public static double Minimum(Vector256<double> vector) => Math.Min(Math.Min(vector[0], vector[1]), Math.Min(vector[2], vector[3]));

    public static double Maximum(Vector256<double> vector) => Math.Max(Math.Max(vector[0], vector[1]), Math.Max(vector[2], vector[3]));
}
