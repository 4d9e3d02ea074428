namespace MLNetGrounding;

/// <summary>
/// Options of the cars that <see cref="SampleCars.Write"/> draws.
/// </summary>
public sealed class SampleCarsOptions
{
    /// <summary>
    /// Gets the seeds of the cars. The default is <see cref="SampleSeeds.Demo"/>.
    /// </summary>
    public SampleSeedRange Seeds { get; init; } = SampleSeeds.Demo;

    /// <summary>
    /// Gets the number of cars, taken from the start of <see cref="Seeds"/>, or <see langword="null"/> for
    /// <see cref="SampleSeedRange.DefaultCount"/>.
    /// </summary>
    public int? Count { get; init; }

    /// <summary>
    /// Gets the smallest width and height of an image in pixels. The default is 224.
    /// </summary>
    public int MinimumSize { get; init; } = 224;

    /// <summary>
    /// Gets the largest width and height of an image in pixels. The default is 320.
    /// </summary>
    public int MaximumSize { get; init; } = 320;

    /// <summary>
    /// Gets the amount of clutter, occlusion, rotation and cutting by the border, from 0 to 1. The default is 1.
    /// </summary>
    public double Difficulty { get; init; } = 1;
}
