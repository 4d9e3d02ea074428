using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetGrounding.Benchmarks;

/// <summary>Loops by hand that the library leaves to TensorPrimitives.</summary>
internal static class OwnLoops
{
    /// <summary>Adds values times a weight.</summary>
    public static void AddScaled(ReadOnlySpan<float> values, float weight, Span<float> sums)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        Span<Vector256<float>> sumVectors = MemoryMarshal.Cast<float, Vector256<float>>(sums);
        for (int index = 0; index < vectors.Length; index++)
        {
            sumVectors[index] += vectors[index] * weight;
        }

        for (int index = vectors.Length * Vector256<float>.Count; index < values.Length; index++)
        {
            sums[index] += values[index] * weight;
        }
    }

    /// <summary>Adds values times a weight in double precision.</summary>
    public static void AddScaled(ReadOnlySpan<float> values, double weight, Span<double> sums)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        Span<Vector256<double>> sumVectors = MemoryMarshal.Cast<double, Vector256<double>>(sums)[..(2 * vectors.Length)];
        var weights = Vector256.Create(weight);
        for (int index = 0; index < vectors.Length; index++)
        {
            sumVectors[2 * index] += Vector256.WidenLower(vectors[index]) * weights;
            sumVectors[(2 * index) + 1] += Vector256.WidenUpper(vectors[index]) * weights;
        }

        for (int index = vectors.Length * Vector256<float>.Count; index < values.Length; index++)
        {
            sums[index] += values[index] * weight;
        }
    }
}
