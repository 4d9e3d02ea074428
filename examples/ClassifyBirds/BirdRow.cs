namespace ClassifyBirds;

/// <summary>
/// One image after extraction, without its patch features: its species, the grounding maps, and where its parts are annotated.
/// </summary>
internal class BirdRow
{
    public string Species { get; set; } = "";

    public bool IsTrain { get; set; }

    /// <summary><c>[queries, gridHeight, gridWidth]</c></summary>
    public float[] GroundingMaps { get; set; } = [];

    public float[] Geometry { get; set; } = [];

    /// <summary><c>[15, 2]</c></summary>
    public float[] KeyPoints { get; set; } = [];

    /// <summary><c>[15]</c></summary>
    public float[] KeyPointVisible { get; set; } = [];
}
