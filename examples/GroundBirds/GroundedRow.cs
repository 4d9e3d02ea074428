using Microsoft.ML.Data;

namespace GroundBirds;

/// <summary>What the job reads of one row of the pipeline's output; the property names are the column names.</summary>
internal class GroundedRow
{
    public int ImageId { get; set; }

    public string ImagePath { get; set; } = "";

    public string Species { get; set; } = "";

    public float[] BoundingBox { get; set; } = [];

    public float[] KeyPoints { get; set; } = [];

    public float[] KeyPointVisible { get; set; } = [];

    public float[] Geometry { get; set; } = [];

    public float[] GroundingMaps { get; set; } = [];

    public float[] KeptHeads { get; set; } = [];

    public float[] Hit { get; set; } = [];

    public float[] Area { get; set; } = [];

    public float[] Mpir { get; set; } = [];

    /// <summary>
    /// Whether the row could not be computed, for a broken image for example: the pipeline marks such rows with NaN and goes on.
    /// </summary>
    [NoColumn]
    public bool Failed => float.IsNaN(GroundingMaps[0]);

    /// <summary>The map of one query, <c>[gridHeight, gridWidth]</c>.</summary>
    public ReadOnlySpan<float> MapOf(int query)
    {
        int cells = GroundingMaps.Length / Hit.Length;
        return GroundingMaps.AsSpan(query * cells, cells);
    }

    /// <summary>The share of the heads of all layers that head selection keeps for one query.</summary>
    public double KeptShareOf(int query)
    {
        int heads = KeptHeads.Length / Hit.Length;
        double kept = 0;
        foreach (float head in KeptHeads.AsSpan(query * heads, heads))
        {
            kept += head;
        }

        return kept / heads;
    }
}
