namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// A drawn bird with everything that is known about it.
/// </summary>
internal sealed class SampleBird
{
    public required ulong Seed { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>The image, row by row, three bytes to a pixel.</summary>
    public required byte[] Rgb { get; init; }

    /// <summary>Per pixel the visible part's value plus one, or 0 where no part of the bird is visible.</summary>
    public required byte[] PartLabels { get; init; }

    /// <summary>The parts in the order of <see cref="BirdPart"/>.</summary>
    public required IReadOnlyList<SamplePart> Parts { get; init; }

    /// <summary>The key points in the order of <see cref="BirdKeyPoint"/>.</summary>
    public required IReadOnlyList<SampleKeyPoint> KeyPoints { get; init; }

    /// <summary>The extent of the bird's visible pixels.</summary>
    public required SampleBox BoundingBox { get; init; }

    public required bool FacingLeft { get; init; }

    public required bool WingRaised { get; init; }

    public required BirdShape Shape { get; init; }

    /// <summary>The index of the species, or -1 for independently drawn colors.</summary>
    public required int SpeciesIndex { get; init; }

    public SamplePart this[BirdPart part] => Parts[(int)part];
}
