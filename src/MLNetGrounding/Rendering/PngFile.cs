using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>
/// Writes pictures as PNG files with SkiaSharp's quickest settings: sheets and figures are large, and packing them takes longer than
/// drawing them. A file is larger than <see cref="MLImage.Save"/> makes it, and written several times as fast.
/// </summary>
internal static class PngFile
{
    private const int QuickestLevel = 1;

    private static readonly SKPngEncoderOptions Quickest = new(SKPngEncoderFilterFlags.Up, QuickestLevel);

    /// <summary>Writes a picture, without an alpha channel where all of it is opaque.</summary>
    /// <param name="image">The picture; its colors are multiplied by alpha, as ML.NET's image loader makes them.</param>
    /// <param name="path">The file to write; one that is there is replaced once the new one is whole.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The pixel format is neither Bgra32 nor Rgba32.</exception>
    public static void Save(MLImage image, string path)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(path);
        Save(path, image.Width, image.Height, SkiaImages.ColorTypeOf(image), image.Pixels);
    }

    public static void Save(SKBitmap picture, string path) =>
        Save(path, picture.Width, picture.Height, picture.ColorType, picture.GetPixelSpan());

    /// <summary>Writes a picture to a stream, which stays open.</summary>
    public static void Save(SKBitmap picture, Stream stream)
    {
        using SKData data = Encode("the stream", picture.Width, picture.Height, picture.ColorType, picture.GetPixelSpan());
        data.SaveTo(stream);
    }

    private static void Save(string path, int width, int height, SKColorType type, ReadOnlySpan<byte> pixels)
    {
        using SKData data = Encode(path, width, height, type, pixels);
        string unfinished = path + ".unfinished";
        try
        {
            using (FileStream file = File.Create(unfinished))
            {
                data.SaveTo(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static SKData Encode(string destination, int width, int height, SKColorType type, ReadOnlySpan<byte> pixels)
    {
        SKImageInfo info = new(width, height, type, IsOpaque(pixels) ? SKAlphaType.Opaque : SKAlphaType.Premul);
        using var picture = SKImage.FromPixelCopy(info, pixels);
        using SKPixmap pixmap = picture.PeekPixels();
        return pixmap.Encode(Quickest)
            ?? throw new IOException($"{destination}: SkiaSharp cannot encode a picture of {width} x {height} pixels.");
    }

    private static bool IsOpaque(ReadOnlySpan<byte> pixels)
    {
        uint all = uint.MaxValue;
        foreach (uint pixel in MemoryMarshal.Cast<byte, uint>(pixels))
        {
            all &= pixel;
        }

        return all >> 24 == byte.MaxValue;
    }
}
