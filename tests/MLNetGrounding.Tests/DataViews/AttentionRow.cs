namespace MLNetGrounding.DataViews;

/// <summary>One row as attention extraction and the CUB loader would make it.</summary>
internal sealed class AttentionRow
{
    public int Id { get; init; }

    public required float[] FineAttention { get; init; }

    public required float[] CoarseAttention { get; init; }

    public required float[] CoarseFlow { get; init; }

    public required float[] FlowRowSums { get; init; }

    public required float[] Geometry { get; init; }

    public required float[] KeyPoints { get; init; }

    public required float[] KeyPointVisible { get; init; }
}
