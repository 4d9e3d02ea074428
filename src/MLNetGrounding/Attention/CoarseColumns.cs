namespace MLNetGrounding.Attention;

/// <summary>What is said where columns of the coarse word are missing.</summary>
internal static class CoarseColumns
{
    public const string NeedAnObject =
        "There are coarse columns only where an object is named, the word for the whole thing: "
        + $"give one to ExtractAttention ({nameof(CapturingOptions.Object)}, such as \"car\").";
}
