using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Cars;

/// <summary>
/// Chooses what a renderer draws for a seed.
/// </summary>
internal sealed record SampleCarOptions
{
    /// <summary>The size that the sample model sees.</summary>
    public const int ModelSize = 168;

    public int Width { get; init; } = ModelSize;

    public int Height { get; init; } = ModelSize;

    /// <summary>From 0 (a large level car on a plain ground) to 1 (clutter, occluders, rotation, border cuts).</summary>
    public float Difficulty { get; init; } = 1;

    /// <summary>Colors in the order of <see cref="CarPart"/> that replace those of the seed.</summary>
    public IReadOnlyList<PartColor>? Colors { get; init; }
}
