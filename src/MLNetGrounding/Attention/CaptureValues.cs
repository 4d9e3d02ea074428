using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Attention;

internal static class CaptureValues
{
    /// <summary>
    /// Whether the maps of all queries and rows are finite, as they are not where a model's precision is too narrow for it.
    /// </summary>
    public static bool IsFinite(this AttentionCapture capture) => capture.Rows.All(row => row.Values.All(maps => Numbers.AreFinite(maps)));
}
