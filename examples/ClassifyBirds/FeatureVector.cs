namespace ClassifyBirds;

/// <summary>The features of a row in memory.</summary>
internal sealed class FeatureVector
{
    public string Species { get; set; } = "";

    public float[] Features { get; set; } = [];
}
