using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Tiff.Constants;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SkiaSharp;

namespace MLNetGrounding.Data.Images;

/// <summary>Decodes with ImageSharp what Skia does not: TIFF files, and PNG files of 16 bits without cutting bits off.</summary>
internal static class ManagedDecoder
{
    private const ushort FloatingPoint = 3;
    private const ushort AssociatedAlpha = 1;
    private const int MostBits = 16;

    /// <summary>Whether an exception says that a file is damaged or not supported: at damaged files ImageSharp throws nearly any.</summary>
    public static bool IsOfTheFile(Exception exception) => exception is not UnreadableImageException;

    /// <summary>Writes the colors of a PNG file of 16 bits a sample, v / 257 rounded.</summary>
    /// <param name="file">The file, from its beginning.</param>
    /// <param name="bitmap">A bitmap of the file's size.</param>
    /// <exception cref="UnreadableImageException">The file cannot be decoded.</exception>
    public static void DecodeDeepPng(Stream file, SKBitmap bitmap)
    {
        try
        {
            using var image = Image.Load<Rgb48>(ImageHeader.Formats, file, new PngDecoder { IgnoreMetadata = true });
            Copy(image, bitmap, static pixel => Bgra(Rounded(pixel.R), Rounded(pixel.G), Rounded(pixel.B)));
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            throw new UnreadableImageException($"cannot be decoded: {exception.Message}");
        }
    }

    /// <summary>Decodes the first image of a TIFF file.</summary>
    /// <param name="file">The file, from its beginning.</param>
    /// <param name="range">What is black and white where its values are floating-point numbers.</param>
    /// <param name="orientation">Receives how the stored pixels are shown.</param>
    /// <returns>The colors, BGRA.</returns>
    /// <exception cref="UnreadableImageException">The file cannot be decoded.</exception>
    public static SKBitmap DecodeTiff(Stream file, FloatRange? range, out int orientation)
    {
        try
        {
            // Unclamped values are wanted of floating-point numbers only, and which a file holds is known with its pixels.
            var decoder = new TiffDecoder { DecodingMode = FrameDecodingMode.First };
            bool isFloat;
            using (var image = Image.Load<Rgb48>(ImageHeader.Formats, file, decoder))
            {
                ImageFrameMetadata frame = image.Frames.RootFrame.Metadata;
                TiffFrameMetadata tiff = frame.GetTiffMetadata();
                isFloat = Require(frame.ExifProfile!, tiff, file.Length, range);
                orientation = ImageHeader.OrientationIn(frame.ExifProfile);
                if (!isFloat)
                {
                    SKBitmap bitmap = SkiaDecoder.Allocate(image.Width, image.Height);
                    CopyTiff(image, tiff, bitmap);
                    return bitmap;
                }
            }

            file.Position = 0;
            return DecodeFloats(file, decoder, range!.Value);
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            throw new UnreadableImageException($"cannot be decoded: {exception.Message}");
        }
    }

    private static SKBitmap DecodeFloats(Stream file, TiffDecoder decoder, FloatRange range)
    {
        using var image = Image.Load<UnclampedPixel>(ImageHeader.Formats, file, decoder);
        SKBitmap bitmap = SkiaDecoder.Allocate(image.Width, image.Height);
        Copy(image, bitmap, pixel => Bgra(range.LevelOf(pixel.Values.X), range.LevelOf(pixel.Values.Y), range.LevelOf(pixel.Values.Z)));
        return bitmap;
    }

    /// <summary>Refuses what would be decoded to other pixels than the file's.</summary>
    /// <returns>Whether the file holds floating-point numbers.</returns>
    private static bool Require(ExifProfile tags, TiffFrameMetadata tiff, long length, FloatRange? range)
    {
        long end = Ends(tags).DefaultIfEmpty().Max();
        if (end > length)
        {
            throw new UnreadableImageException($"breaks off: its pixels reach to byte {end}, the file has {length}.");
        }

        bool isFloat = tags.GetValue(ExifTag.SampleFormat)?.Value.Contains(FloatingPoint) == true;
        if (isFloat && range is null)
        {
            throw new UnreadableImageException(
                $"holds floating-point values and does not say which are black and white; set {nameof(ImageLoadingOptions)}.{nameof(ImageLoadingOptions.FloatRange)}."
            );
        }

        if (isFloat && tiff.PhotometricInterpretation == TiffPhotometricInterpretation.WhiteIsZero)
        {
            throw new UnreadableImageException("holds floating-point values whose least is white; expected the least to be black.");
        }

        int samples = tags.GetValue(ExifTag.SamplesPerPixel)?.Value ?? 1;
        int bits = (int)(tiff.BitsPerPixel ?? 0) / Math.Max(samples, 1);
        if (!isFloat && bits > MostBits)
        {
            throw new UnreadableImageException(
                $"has {bits} bits a sample; whole numbers of at most {MostBits} bits, or floating-point numbers, were expected."
            );
        }

        if (tags.GetValue(ExifTag.ExtraSamples)?.Value.Contains(AssociatedAlpha) == true)
        {
            throw new UnreadableImageException(
                "has colors multiplied by alpha, which are not read from TIFF files; save it without alpha, or with the plain colors."
            );
        }

        if (
            tiff.PhotometricInterpretation
                is not (
                    TiffPhotometricInterpretation.WhiteIsZero
                    or TiffPhotometricInterpretation.BlackIsZero
                    or TiffPhotometricInterpretation.Rgb
                    or TiffPhotometricInterpretation.PaletteColor
                )
            && !(tiff.PhotometricInterpretation == TiffPhotometricInterpretation.YCbCr && tiff.Compression == TiffCompression.Jpeg)
        )
        {
            throw new UnreadableImageException(
                $"has TIFF colors of kind {tiff.PhotometricInterpretation}; bilevel, gray, palette or RGB was expected."
            );
        }

        return isFloat;
    }

    /// <summary>Where each strip of pixels ends in the file.</summary>
    private static IEnumerable<long> Ends(ExifProfile tags)
    {
        Number[] offsets = tags.GetValue(ExifTag.StripOffsets)?.Value ?? [];
        Number[] lengths = tags.GetValue(ExifTag.StripByteCounts)?.Value ?? [];
        return offsets.Zip(lengths, (offset, length) => (uint)offset + (long)(uint)length);
    }

    private static void CopyTiff(Image<Rgb48> image, TiffFrameMetadata tiff, SKBitmap bitmap)
    {
        if (tiff.PhotometricInterpretation == TiffPhotometricInterpretation.PaletteColor)
        {
            // Palettes have 16 bits of which the upper eight count, whichever way they were widened.
            Copy(image, bitmap, static pixel => Bgra((byte)(pixel.R >> 8), (byte)(pixel.G >> 8), (byte)(pixel.B >> 8)));
        }
        else if (
            tiff.PhotometricInterpretation == TiffPhotometricInterpretation.BlackIsZero
            && tiff.Compression is TiffCompression.Ccitt1D or TiffCompression.CcittGroup3Fax or TiffCompression.CcittGroup4Fax
        )
        {
            // The runs that fax calls white are zeros, and here zero is black; ImageSharp shows them white.
            Copy(image, bitmap, static pixel => Bgra((byte)~Rounded(pixel.R), (byte)~Rounded(pixel.G), (byte)~Rounded(pixel.B)));
        }
        else
        {
            Copy(image, bitmap, static pixel => Bgra(Rounded(pixel.R), Rounded(pixel.G), Rounded(pixel.B)));
        }
    }

    private static void Copy<TPixel>(Image<TPixel> image, SKBitmap bitmap, Func<TPixel, uint> color)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (image.Width != bitmap.Width || image.Height != bitmap.Height)
        {
            throw new UnreadableImageException(
                $"is damaged: it has {bitmap.Width} x {bitmap.Height} or {image.Width} x {image.Height} pixels."
            );
        }

        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                ReadOnlySpan<TPixel> from = rows.GetRowSpan(y);
                Span<uint> to = SkiaDecoder.Pixels(bitmap).Slice(y * rows.Width, rows.Width);
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] = color(from[x]);
                }
            }
        });
    }

    private static byte Rounded(ushort value) => (byte)((value + 128) / 257);

    private static uint Bgra(byte red, byte green, byte blue) => 0xFF000000 | ((uint)red << 16) | ((uint)green << 8) | blue;
}
