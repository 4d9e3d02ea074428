namespace MLNetGrounding;

/// <summary>How a <see cref="GroundingOverlay"/> looks.</summary>
public sealed record GroundingOverlayOptions
{
    private const int LargestEdge = 16384;

    /// <summary>
    /// Pixels of the overlay's longer edge, at most 16384; lines and marks grow with it. Default <see langword="null"/>: the image's own
    /// size.
    /// </summary>
    public int? LongEdge { get; init; }

    /// <summary>The colors of the map. Default <see cref="ColorMap.Plasma"/>.</summary>
    public ColorMap Colors { get; init; } = ColorMap.Plasma;

    /// <summary>How much of the image the map's largest value covers, from 0 to 1; smaller values cover less. Default 0.8.</summary>
    public double MapOpacity { get; init; } = 0.8;

    /// <summary>
    /// Blends between the centers of neighboring cells. Default <see langword="false"/>: each cell has one color, as computed.
    /// </summary>
    public bool Smooth { get; init; }

    /// <summary>How much of the image's own color is left, from 0 (gray) to 1, so that the map's colors stand out. Default 0.35.</summary>
    public double Saturation { get; init; } = 0.35;

    /// <summary>How bright the image stays, from 0 (black) to 1. Default 0.85.</summary>
    public double Brightness { get; init; } = 0.85;

    internal void Validate()
    {
        if (LongEdge is < 1 or > LargestEdge)
        {
            throw new ArgumentOutOfRangeException(
                nameof(LongEdge),
                LongEdge,
                $"{nameof(LongEdge)} must be from 1 to {LargestEdge} pixels, or null for the image's own size."
            );
        }

        CheckShare(MapOpacity, nameof(MapOpacity));
        CheckShare(Saturation, nameof(Saturation));
        CheckShare(Brightness, nameof(Brightness));
        if (!Enum.IsDefined(Colors))
        {
            throw new ArgumentOutOfRangeException(nameof(Colors), Colors, $"{nameof(Colors)} is not a color map.");
        }
    }

    private static void CheckShare(double value, string name)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be between 0 and 1.");
        }
    }
}
