using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetGrounding.Maths.Numerics;

/// <summary>Exponentials of attention scores, and their sums.</summary>
internal static class Softmax
{
    /// <summary>Replaces scores by their exponentials relative to a maximum, so that none overflows.</summary>
    /// <param name="scores">Scores of one token in one head; become e^(score - maximum).</param>
    /// <param name="maximum">The largest score.</param>
    /// <returns>The sum of the exponentials; NaN where a score is NaN or the maximum infinite.</returns>
    public static double Exponentiate(Span<float> scores, float maximum)
    {
        if (scores.Length < Vector256<float>.Count)
        {
            return ExponentiateOneByOne(scores, maximum);
        }

        Span<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(scores);
        var shift = Vector256.Create(maximum);
        int rest = scores.Length % Vector256<float>.Count;

        // The last values as a whole vector, before those in it that belong to the vectors are overwritten.
        Vector256<float> last = Exponential(Vector256.Create(scores[^Vector256<float>.Count..]) - shift);
        Vector256<double> sums = Vector256<double>.Zero;
        for (int index = 0; index < vectors.Length; index++)
        {
            Vector256<float> exponentials = Exponential(vectors[index] - shift);
            vectors[index] = exponentials;
            sums += Lanes.WidenedSum(exponentials);
        }
        last.CopyTo(scores[^Vector256<float>.Count..]);
        var counted = Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(Vector256<float>.Count - rest));
        return Lanes.Sum(rest == 0 ? sums : sums + Lanes.WidenedSum(Vector256.AndNot(last, counted.AsSingle())));
    }

    /// <summary>The largest value; NaN may or may not be passed over.</summary>
    public static float Maximum(ReadOnlySpan<float> scores)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(scores);
        var maxima = Vector256.Create(float.NegativeInfinity);
        foreach (Vector256<float> vector in vectors)
        {
            maxima = Lanes.Larger(maxima, vector);
        }
        float maximum = Lanes.Maximum(maxima);
        foreach (float score in scores[(vectors.Length * Vector256<float>.Count)..])
        {
            maximum = Math.Max(maximum, score);
        }
        return maximum;
    }

    private static double ExponentiateOneByOne(Span<float> scores, float maximum)
    {
        double sum = 0.0;
        foreach (ref float score in scores)
        {
            score = MathF.Exp(score - maximum);
            sum += score;
        }
        return sum;
    }

    /// <summary>e^x for x up to 0, to a relative error below 2e-7; below e^-87, where numbers lose digits, 0. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exponential(Vector256<float> x)
    {
        const float Least = -87;
        const float Rounder = 12582912; // 1.5 * 2^23: adding it leaves a number's nearest integer in the lowest bits.
        const int FractionBits = 23;
        // e^x = 2^n e^r with n the nearest integer to x / ln 2, so that r lies within ln 2 / 2; ln 2 is taken off in two pieces, the first
        // of which has few enough digits for an exact product with n.
        Vector256<float> shifted = Lanes.MultiplyAdd(x, Vector256.Create(1.44269504f), Vector256.Create(Rounder));
        Vector256<float> n = shifted - Vector256.Create(Rounder);
        Vector256<float> r = Lanes.MultiplyAdd(n, Vector256.Create(-0.693359375f), x);
        r = Lanes.MultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        // Minimax polynomial of (e^r - 1 - r) / r^2 by Remez exchange, relative error of e^r 3e-9.
        Vector256<float> quotient = Lanes.MultiplyAdd(r, Vector256.Create(0.00138145412f), Vector256.Create(0.0083687451f));
        quotient = Lanes.MultiplyAdd(quotient, r, Vector256.Create(0.0416683908f));
        quotient = Lanes.MultiplyAdd(quotient, r, Vector256.Create(0.166665204f));
        quotient = Lanes.MultiplyAdd(quotient, r, Vector256.Create(0.499999934f));
        Vector256<float> polynomial = Lanes.MultiplyAdd(quotient, r * r, r) + Vector256<float>.One;
        Vector256<int> power = (shifted.AsInt32() << FractionBits) + Vector256.Create(0x3F800000);
        return Vector256.AndNot(polynomial * power.AsSingle(), Vector256.LessThan(x, Vector256.Create(Least)));
    }
}
