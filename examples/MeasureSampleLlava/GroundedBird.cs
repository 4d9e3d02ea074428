namespace MeasureSampleLlava;

/// <summary>One bird with its attention and grounding maps; the property names are column names.</summary>
internal sealed class GroundedBird
{
    public string ImagePath { get; set; } = "";

    public float[] Geometry { get; set; } = [];

    public float[] BoundingBox { get; set; } = [];

    public float[] KeyPoints { get; set; } = [];

    public float[] KeyPointVisible { get; set; } = [];

    /// <summary>All heads' maps, <c>[queries, layers, heads, gridHeight, gridWidth]</c>.</summary>
    public float[] FineAttention { get; set; } = [];

    /// <summary>Which heads were kept, <c>[queries, layers, heads]</c>.</summary>
    public float[] KeptHeads { get; set; } = [];

    /// <summary>The final maps, <c>[queries, gridHeight, gridWidth]</c>.</summary>
    public float[] GroundingMaps { get; set; } = [];

    /// <summary>The part masks by cell; not a column.</summary>
    internal PartCells Parts { get; set; } = null!;
}
