namespace MLNetGrounding;

/// <summary>How image files are decoded.</summary>
public sealed class ImageLoadingOptions
{
    /// <summary>The most that <see cref="MaxPixels"/> can be: four bytes of each pixel are still one array.</summary>
    public const int LargestMaxPixels = 500_000_000;

    /// <summary>
    /// Whether images stay as their pixels are stored. Default <see langword="false"/>: an image is turned and mirrored as the orientation
    /// tag of its EXIF data says, as viewers show it. Set it for annotations that were made on the stored pixels.
    /// </summary>
    public bool AsStored { get; set; }

    /// <summary>
    /// The most pixels that are decoded, from 1 to <see cref="LargestMaxPixels"/>; read from a file's header before its pixels. Default 100
    /// million, which take 0.8 GB while they are decoded; TIFF and PNG of 16 bits 1 GB, TIFF of floating-point numbers 2 GB.
    /// </summary>
    public int MaxPixels { get; set; } = 100_000_000;

    /// <summary>
    /// What is black and what is white in TIFF files of floating-point numbers. Default <see langword="null"/>: such files are refused,
    /// since they do not say it themselves.
    /// </summary>
    public FloatRange? FloatRange { get; set; }

    /// <summary>A copy that later changes do not reach, after its settings were checked.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal ImageLoadingOptions CheckedCopy()
    {
        var copy = (ImageLoadingOptions)MemberwiseClone();
        if (copy.MaxPixels is < 1 or > LargestMaxPixels)
        {
            throw new ArgumentOutOfRangeException(null, copy.MaxPixels, $"{nameof(MaxPixels)} must be from 1 to {LargestMaxPixels}.");
        }

        if (copy.FloatRange is { } range && !(float.IsFinite(range.Black) && float.IsFinite(range.White) && range.Black != range.White))
        {
            throw new ArgumentException(
                $"{nameof(FloatRange)} must have two finite, different values, but has {range.Black} and {range.White}."
            );
        }

        return copy;
    }
}
