using System.Text.RegularExpressions;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace MLNetGrounding.Data.Images;

/// <summary>What an image file says before its pixels, read in managed code before any native decoder sees the file.</summary>
/// <param name="Format">The format.</param>
/// <param name="Width">Width of the stored pixels.</param>
/// <param name="Height">Height of the stored pixels.</param>
/// <param name="Orientation">How they are shown: EXIF's number; of TIFF files it is known only with their pixels.</param>
/// <param name="IsDeep">Whether it is a PNG file of 16 bits a sample.</param>
internal sealed partial record ImageHeader(IImageFormat Format, int Width, int Height, int Orientation, bool IsDeep)
{
    /// <summary>The formats that are read.</summary>
    public static Configuration Formats { get; } =
        new(
            new JpegConfigurationModule(),
            new PngConfigurationModule(),
            new WebpConfigurationModule(),
            new GifConfigurationModule(),
            new BmpConfigurationModule(),
            new TiffConfigurationModule()
        );

    /// <summary>Reads the header of a file.</summary>
    /// <param name="file">The file, from its beginning; left anywhere.</param>
    /// <exception cref="UnreadableImageException">It is of no known format, or damaged.</exception>
    public static ImageHeader Read(Stream file)
    {
        IImageFormat? format = null;
        try
        {
            if (AnimatedWebp.TryRead(file) is { } animated)
            {
                return animated;
            }

            format = Image.DetectFormat(Formats, file);
            if (format is null)
            {
                throw new UnreadableImageException("is not an image of a known format: JPEG, PNG, WebP, GIF, BMP or TIFF.");
            }

            IImageInfo? info = Image.Identify(Formats, file);
            return info is not { Width: > 0, Height: > 0 }
                ? throw new UnreadableImageException($"is damaged: no size could be found in its {format.Name} header.")
                : new ImageHeader(
                    format,
                    info.Width,
                    info.Height,
                    OrientationIn(info.Metadata, format),
                    format is PngFormat && info.Metadata.GetPngMetadata().BitDepth == PngBitDepth.Bit16
                );
        }
        catch (Exception exception) when (ManagedDecoder.IsOfTheFile(exception))
        {
            throw new UnreadableImageException(
                $"cannot be read: its {format?.Name} header is damaged or not supported ({exception.Message})"
            );
        }
    }

    /// <summary>The orientation in EXIF data; <see cref="ImageOrientation.Upright"/> where they do not say.</summary>
    public static int OrientationIn(ExifProfile? profile)
    {
        int orientation = profile?.GetValue(ExifTag.Orientation)?.Value ?? ImageOrientation.Upright;
        return ImageOrientation.IsDefined(orientation) ? orientation : ImageOrientation.Upright;
    }

    private static int OrientationIn(ImageMetadata metadata, IImageFormat format)
    {
        if (
            metadata.ExifProfile?.GetValue(ExifTag.Orientation) is null
            && format is PngFormat
            && metadata.XmpProfile is { } xmp
            && OrientationInXmp().Match(System.Text.Encoding.UTF8.GetString(xmp.ToByteArray())) is { Success: true } match
        )
        {
            int orientation = match.Groups[1].Value[0] - '0';
            return ImageOrientation.IsDefined(orientation) ? orientation : ImageOrientation.Upright;
        }

        return OrientationIn(metadata.ExifProfile);
    }

    // As Pillow looks for it, in PNG files without EXIF data.
    [GeneratedRegex("tiff:Orientation(?:=\"|>)([0-9])")]
    private static partial Regex OrientationInXmp();
}
