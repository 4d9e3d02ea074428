using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.DataViews;

/// <summary>Tells values to compute with from those of a row that a step before could not compute, which are NaN.</summary>
internal static class RowValues
{
    /// <summary>Whether all values are finite and there are any.</summary>
    public static bool AreFinite(ReadOnlySpan<float> values) => !values.IsEmpty && Numbers.AreFinite(values);

    /// <summary>Whether all values are finite and none is negative, and there are any.</summary>
    public static bool AreWeights(ReadOnlySpan<float> values) => !values.IsEmpty && Numbers.AreAttention(values);

    /// <summary>Whether a step before marked the values as not computed, and has said so in the log.</summary>
    public static bool AreMarked(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsNaN(value))
            {
                return false;
            }
        }

        return !values.IsEmpty;
    }
}
