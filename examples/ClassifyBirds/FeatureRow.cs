namespace ClassifyBirds;

/// <summary>What the featurizer takes of a row.</summary>
internal sealed class FeatureRow
{
    public string Species { get; set; } = "";

    public float[] Maps { get; set; } = [];

    public float[] PatchFeatures { get; set; } = [];
}
