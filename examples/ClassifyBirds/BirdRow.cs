namespace ClassifyBirds;

/// <summary>One picture after extraction: its species, the grounding maps and patch features, and where its parts are annotated.</summary>
internal sealed class BirdRow
{
    public string Species { get; set; } = "";

    public bool IsTrain { get; set; }

    /// <summary><c>[queries, grid, grid]</c></summary>
    public float[] GroundingMaps { get; set; } = [];

    /// <summary><c>[visualTokens, length]</c></summary>
    public float[] PatchFeatures { get; set; } = [];

    public float[] Geometry { get; set; } = [];

    /// <summary><c>[15, 2]</c></summary>
    public float[] KeyPoints { get; set; } = [];

    /// <summary><c>[15]</c></summary>
    public float[] KeyPointVisible { get; set; } = [];
}
