namespace ClassifyBirds;

/// <summary>What is read of a row to pool its features.</summary>
internal sealed class PatchFeatureRow
{
    /// <summary><c>[visualTokens, length]</c></summary>
    public float[] PatchFeatures { get; set; } = [];
}
