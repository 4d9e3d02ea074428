using Microsoft.ML.Data;
using MLNetGrounding.Data.Images;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Tiff;
using SkiaSharp;

namespace MLNetGrounding;

/// <summary>
/// Decodes image files to what Pillow's <c>ImageOps.exif_transpose</c> and then <c>convert("RGB")</c> give: turned as their EXIF data say,
/// stored colors without alpha and without color management. JPEG, PNG, WebP, GIF, BMP and TIFF; of several frames or pages the first.
/// </summary>
public static class ImageFile
{
    /// <summary>Decodes a file, as the loader of <c>LoadGroundingImages</c> does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is decoded. Default: the defaults of <see cref="ImageLoadingOptions"/>.</param>
    /// <returns>The image, BGRA, opaque; its <see cref="MLImage.Tag"/> is the path. The caller disposes it.</returns>
    /// <exception cref="InvalidDataException">There is no such file, or it cannot be read or decoded in whole; the message says
    /// why.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MLImage Load(string path, ImageLoadingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TryLoad(path, (options ?? new ImageLoadingOptions()).CheckedCopy(), out string? reason)
            ?? throw new InvalidDataException(reason);
    }

    /// <summary>Decodes a file to what a model takes when it is asked without a pipeline.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is decoded. Default: the defaults of <see cref="ImageLoadingOptions"/>.</param>
    /// <returns>The image.</returns>
    /// <exception cref="InvalidDataException">There is no such file, or it cannot be read or decoded in whole; the message says
    /// why.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static RgbImage LoadRgb(string path, ImageLoadingOptions? options = null)
    {
        using MLImage image = Load(path, options);
        return ImagePixels.ToRgb(image);
    }

    /// <summary>Decodes an encoded image that is no file.</summary>
    /// <param name="stream">The encoded image, from its present position to its end.</param>
    /// <param name="options">How it is decoded. Default: the defaults of <see cref="ImageLoadingOptions"/>.</param>
    /// <returns>The image, BGRA, opaque. The caller disposes it.</returns>
    /// <exception cref="InvalidDataException">It cannot be decoded in whole; the message says why.</exception>
    /// <exception cref="IOException">The stream cannot be read, or has more bytes than an array can hold.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MLImage Load(Stream stream, ImageLoadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ImageLoadingOptions settings = (options ?? new ImageLoadingOptions()).CheckedCopy();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        try
        {
            using SKBitmap bitmap = Decode(bytes, settings);
            return ToImage(bitmap);
        }
        catch (UnreadableImageException exception)
        {
            throw new InvalidDataException($"The stream {exception.Message}");
        }
    }

    /// <summary>The colors of a decoded image, as <see cref="VisionLanguageModel"/> takes them.</summary>
    /// <param name="image">The image; it is copied, and stays the caller's.</param>
    /// <returns>Red, green and blue of each pixel; transparency is undone and dropped, as Pillow's conversion to RGB does.</returns>
    public static RgbImage ToRgb(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ImagePixels.ToRgb(image);
    }

    /// <summary>Width over height of an image, turned as its EXIF data say; its pixels are not decoded, but those of TIFF files.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The aspect ratio, such as 1.5.</returns>
    /// <exception cref="InvalidDataException">There is no such file, or it is no image that can be read; the message says why.</exception>
    public static double AspectRatio(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Reading(
            path,
            file =>
            {
                var header = ImageHeader.Read(file);
                if (header.Format is TiffFormat)
                {
                    file.Position = 0;
                    using SKBitmap shown = Decode(file, new ImageLoadingOptions());
                    return (double)shown.Width / shown.Height;
                }

                return ImageOrientation.SwapsSides(header.Orientation)
                    ? (double)header.Height / header.Width
                    : (double)header.Width / header.Height;
            }
        );
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="reason">Receives why there is no image.</param>
    /// <returns>The image, BGRA, opaque, or <see langword="null"/>.</returns>
    internal static MLImage? TryLoad(string path, ImageLoadingOptions options, out string? reason)
    {
        try
        {
            using SKBitmap bitmap = Decode(path, options);
            MLImage image = ToImage(bitmap);
            image.Tag = path;
            reason = null;
            return image;
        }
        catch (InvalidDataException exception)
        {
            reason = exception.Message;
            return null;
        }
    }

    /// <summary>Decodes a file to opaque BGRA.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or it cannot be read or decoded in whole; the message says
    /// why.</exception>
    internal static SKBitmap Decode(string path, ImageLoadingOptions options) => Reading(path, file => Decode(file, options));

    /// <summary>Refuses an image that claims more pixels than are decoded, whatever is in its file.</summary>
    internal static void RequireSize(int width, int height, int maxPixels)
    {
        if ((long)width * height > maxPixels)
        {
            throw new UnreadableImageException(
                $"has {width} x {height} pixels; at most {maxPixels} are decoded, {nameof(ImageLoadingOptions)}.{nameof(ImageLoadingOptions.MaxPixels)}."
            );
        }
    }

    private static T Reading<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using FileStream file = OrdinaryFile.Open(path);
            return read(file);
        }
        catch (UnreadableImageException exception)
        {
            throw new InvalidDataException($"'{path}' {exception.Message}");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"'{path}' cannot be read: {exception.Message}");
        }
    }

    private static SKBitmap Decode(Stream file, ImageLoadingOptions options)
    {
        var header = ImageHeader.Read(file);
        RequireSize(header.Width, header.Height, options.MaxPixels);
        file.Position = 0;
        int orientation = header.Orientation;
        SKBitmap stored =
            header.Format is TiffFormat
                ? ManagedDecoder.DecodeTiff(file, options.FloatRange, out orientation)
                : DecodeWithSkia(file, header, options.MaxPixels);
        if (options.AsStored || orientation == ImageOrientation.Upright)
        {
            return stored;
        }

        using (stored)
        {
            bool swaps = ImageOrientation.SwapsSides(orientation);
            SKBitmap shown = SkiaDecoder.Allocate(swaps ? stored.Height : stored.Width, swaps ? stored.Width : stored.Height);
            ImageOrientation.Apply(SkiaDecoder.Pixels(stored), stored.Width, stored.Height, orientation, SkiaDecoder.Pixels(shown));
            return shown;
        }
    }

    private static SKBitmap DecodeWithSkia(Stream file, ImageHeader header, int maxPixels)
    {
        if (file.Length > Array.MaxLength)
        {
            throw new UnreadableImageException($"has {file.Length} bytes; at most {Array.MaxLength} were expected.");
        }

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        SKBitmap bitmap = SkiaDecoder.Decode(bytes, header.Format is GifFormat, maxPixels);
        if (header.IsDeep)
        {
            // Skia, which found the file whole, cuts the lower eight bits off.
            ManagedDecoder.DecodeDeepPng(new MemoryStream(bytes), bitmap);
        }

        foreach (ref uint pixel in SkiaDecoder.Pixels(bitmap))
        {
            pixel |= 0xFF000000;
        }

        return bitmap;
    }

    private static MLImage ToImage(SKBitmap bitmap) =>
        MLImage.CreateFromPixels(bitmap.Width, bitmap.Height, MLPixelFormat.Bgra32, bitmap.GetPixelSpan());
}
