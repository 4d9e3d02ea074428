namespace ClassifyBirds;

/// <summary>One image as it is extracted; of LLaVA-1.5-7B that is nine megabytes.</summary>
internal sealed class ExtractedBird : BirdRow
{
    /// <summary><c>[visualTokens, length]</c></summary>
    public float[] PatchFeatures { get; set; } = [];
}
