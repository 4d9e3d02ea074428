using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Rollout;

/// <summary>Joins the heads of a layer into the rows of its flow matrix (paper, section 3.2.1).</summary>
internal static class FlowRow
{
    /// <summary>What one token gives to the tokens that it sees: softmax of each head's scores, then the heads' maximum or mean.</summary>
    /// <param name="scores">Scores of the first head at the start, those of the other heads each <paramref name="stride"/> further;
    /// overwritten.</param>
    /// <param name="heads">Number of heads, at least 1.</param>
    /// <param name="stride">Elements from a head's scores to the next head's.</param>
    /// <param name="mean">Whether heads are averaged; else the maximum is taken.</param>
    /// <param name="joined">Receives the row; its length is the number of tokens seen. NaN where a score is NaN or infinite.</param>
    public static void Join(Span<float> scores, int heads, int stride, bool mean, Span<float> joined)
    {
        joined.Clear();
        for (int head = 0; head < heads; head++)
        {
            Span<float> exponentials = scores.Slice(head * stride, joined.Length);
            double sum = Softmax.Exponentiate(exponentials, Softmax.Maximum(exponentials));
            if (!double.IsFinite(sum))
            {
                joined.Fill(float.NaN);
                return;
            }
            if (mean)
            {
                TensorPrimitives.MultiplyAdd(exponentials, (float)(1 / (sum * heads)), joined, joined);
            }
            else
            {
                RaiseTo(exponentials, (float)(1 / sum), joined);
            }
        }
    }

    /// <summary>Raises each maximum to the value times a weight where that is larger.</summary>
    private static void RaiseTo(ReadOnlySpan<float> values, float weight, Span<float> maxima)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        Span<Vector256<float>> maximumVectors = MemoryMarshal.Cast<float, Vector256<float>>(maxima);
        for (int index = 0; index < vectors.Length; index++)
        {
            maximumVectors[index] = Lanes.Larger(maximumVectors[index], vectors[index] * weight);
        }
        for (int index = vectors.Length * Vector256<float>.Count; index < values.Length; index++)
        {
            maxima[index] = Math.Max(maxima[index], values[index] * weight);
        }
    }
}
