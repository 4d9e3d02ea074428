using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.DataViews;

/// <summary>Tells values to compute with from those of a row that a step before could not compute, which are NaN.</summary>
internal static class RowValues
{
    /// <summary>Whether all values are finite and there are any.</summary>
    public static bool AreFinite(ReadOnlySpan<float> values) => !values.IsEmpty && Numbers.AreFinite(values);

    /// <summary>Whether the maps of all queries and rows are finite, as they are not where a model's precision is too narrow for it.</summary>
    public static bool AreFinite(AttentionCapture capture) => capture.Rows.All(row => row.Values.All(maps => Numbers.AreFinite(maps)));

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
