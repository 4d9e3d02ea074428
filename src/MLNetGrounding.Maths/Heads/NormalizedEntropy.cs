using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Entropy of a map, normalized by the logarithm of its number of cells (paper, section 3.1.1, equation 1).</summary>
internal static class NormalizedEntropy
{
    /// <summary>More than <see cref="Estimate"/> can be off from <see cref="Exact"/>.</summary>
    public const double EstimateError = 1e-5;

    // Sums of so many vectors are collected in single precision before they enter the total.
    private const int VectorsPerBlock = 8;

    /// <summary>-sum p ln p / ln cells in double precision, with p = map / sum; 0 for a zero map.</summary>
    public static double Exact(ReadOnlySpan<float> map)
    {
        double sum = Numbers.Sum(map);
        if (sum == 0 || map.Length == 1)
        {
            return 0;
        }
        double entropy = 0.0;
        foreach (float value in map)
        {
            if (value > 0)
            {
                double share = value / sum;
                entropy -= share * Math.Log(share);
            }
        }
        return entropy / Math.Log(map.Length);
    }

    /// <summary>The same in single precision and one pass, to a relative error below 1e-6.</summary>
    /// <param name="map">Attention, none negative.</param>
    /// <param name="maximum">Its largest value.</param>
    public static double Estimate(ReadOnlySpan<float> map, float maximum)
    {
        if (map.Length < Vector256<float>.Count)
        {
            return Exact(map);
        }
        if (maximum == 0)
        {
            return 0;
        }
        // With y = x / maximum, -sum p ln p = ln(sum y) + sum(-y ln y) / sum y. No term is negative, so nothing cancels.
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(map);
        var scale = Vector256.Create(maximum);
        // In double precision, because one large y would swallow the many small ones that make a small entropy.
        (Vector256<double> sums, Vector256<double> logarithms) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (int start = 0; start < vectors.Length; start += VectorsPerBlock)
        {
            Vector256<float> block = Vector256<float>.Zero;
            int end = Math.Min(start + VectorsPerBlock, vectors.Length);
            for (int index = start; index < end; index++)
            {
                Vector256<float> values = vectors[index] / scale;
                sums += Lanes.WidenedSum(values);
                block = Lanes.MultiplyAdd(values, Logarithm(values), block);
            }
            logarithms += Lanes.WidenedSum(block);
        }
        int rest = map.Length % Vector256<float>.Count;
        if (rest > 0)
        {
            // The last vector again, without the values that were counted already.
            var last = Vector256.Create(map[^Vector256<float>.Count..]);
            var counted = Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(Vector256<float>.Count - rest));
            Vector256<float> values = Vector256.AndNot(last, counted.AsSingle()) / scale;
            sums += Lanes.WidenedSum(values);
            logarithms += Lanes.WidenedSum(values * Logarithm(values));
        }
        double sum = Lanes.Sum(sums);
        return (Math.Log(sum) - Lanes.Sum(logarithms) / sum) / Math.Log(map.Length);
    }

    /// <summary>
    /// Natural logarithm of values from 0 to 1 to a relative error below 2e-7; of the smallest normal number for smaller ones, so that
    /// 0 ln 0 is 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Logarithm(Vector256<float> values)
    {
        const float SmallestNormal = 1.17549435e-38f;
        const int BitsOfTwoThirds = 0x3F2AAAAB;
        const int FractionBits = 23;
        // y = 2^exponent (1 + f) with f between -1/3 and 1/3.
        Vector256<int> bits = Lanes.Larger(values, Vector256.Create(SmallestNormal)).AsInt32();
        Vector256<int> exponent = (bits - Vector256.Create(BitsOfTwoThirds)) >> FractionBits;
        Vector256<float> f = (bits - (exponent << FractionBits)).AsSingle() - Vector256<float>.One;
        // Minimax polynomial of ln(1 + f) / f by Remez exchange, relative error 3e-8, its constant term held at 1.
        Vector256<float> square = f * f;
        Vector256<float> low = Sloped(f, -0.49999925f, 1);
        Vector256<float> middle = Sloped(f, -0.25008648f, 0.33333292f);
        Vector256<float> high = Sloped(f, -0.16399813f, 0.20005488f);
        Vector256<float> highest = Lanes.MultiplyAdd(square, Vector256.Create(0.13533447f), Sloped(f, -0.15478623f, 0.14092597f));
        Vector256<float> fourth = square * square;
        Vector256<float> lower = Lanes.MultiplyAdd(middle, square, low);
        Vector256<float> upper = Lanes.MultiplyAdd(highest, square, high);
        Vector256<float> quotient = Lanes.MultiplyAdd(upper, fourth, lower);
        return Lanes.MultiplyAdd(Vector256.ConvertToSingle(exponent), Vector256.Create(0.69314718f), quotient * f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sloped(Vector256<float> f, float slope, float constant) =>
        Lanes.MultiplyAdd(f, Vector256.Create(slope), Vector256.Create(constant));
}
