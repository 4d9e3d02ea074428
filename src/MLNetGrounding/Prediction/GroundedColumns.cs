namespace MLNetGrounding.Prediction;

/// <summary>What a prediction engine reads of its row. <see cref="PredictorColumns"/> says which of the later ones are there.</summary>
internal sealed class GroundedColumns
{
    public float[] GroundingMaps { get; set; } = [];

    public float[] Geometry { get; set; } = [];

    public float[]? Hit { get; set; }

    public float[]? Area { get; set; }

    public float[]? Mpir { get; set; }

    public string? LabelText { get; set; }

    public uint LabelKey { get; set; }

    public bool LabelFlag { get; set; }

    public float LabelNumber { get; set; }

    public float Score { get; set; }

    public float[] Scores { get; set; } = [];

    public float Probability { get; set; }
}
