namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// A drawn subject with everything that is known about it.
/// </summary>
internal abstract class SampleFigure
{
    public required ulong Seed { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>The image, row by row, three bytes to a pixel.</summary>
    public required byte[] Rgb { get; init; }

    /// <summary>Per pixel the visible part's index plus one, or 0 where no part of the subject is visible.</summary>
    public required byte[] PartLabels { get; init; }

    /// <summary>The parts in the order of their indices.</summary>
    public required IReadOnlyList<SamplePart> Parts { get; init; }

    /// <summary>The key points in the order of the subject's anatomy.</summary>
    public required IReadOnlyList<SampleKeyPoint> KeyPoints { get; init; }

    /// <summary>The extent of the subject's visible pixels.</summary>
    public required SampleBox BoundingBox { get; init; }

    public required bool FacingLeft { get; init; }
}
