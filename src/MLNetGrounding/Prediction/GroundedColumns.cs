namespace MLNetGrounding.Prediction;

/// <summary>What a prediction engine reads of its row.</summary>
internal sealed class GroundedColumns
{
    public float[] GroundingMaps { get; set; } = [];

    public float[] Geometry { get; set; } = [];

    public float[]? Hit { get; set; }

    public float[]? Area { get; set; }

    public float[]? Mpir { get; set; }
}
