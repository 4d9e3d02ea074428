using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// Chooses what a renderer draws for a seed.
/// </summary>
internal sealed record SampleBirdOptions
{
    /// <summary>The size that the sample model sees.</summary>
    public const int ModelSize = 168;

    public int Width { get; init; } = ModelSize;

    public int Height { get; init; } = ModelSize;

    /// <summary>From 0 (a large upright bird on a plain ground) to 1 (clutter, occluders, rotation, border cuts).</summary>
    public float Difficulty { get; init; } = 1;

    /// <summary>The species to draw, or <see langword="null"/> for independently drawn colors and forms.</summary>
    public BirdSpecies? Species { get; init; }

    /// <summary>Colors in the order of <see cref="BirdPart"/> that replace those of the seed and the species.</summary>
    public IReadOnlyList<PartColor>? Colors { get; init; }
}
