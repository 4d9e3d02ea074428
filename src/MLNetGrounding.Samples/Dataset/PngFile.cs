using SkiaSharp;

namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// Writes images without loss.
/// </summary>
internal static class PngFile
{
    /// <summary>Writes three bytes to a pixel.</summary>
    public static void WriteRgb(string path, ReadOnlySpan<byte> rgb, int width, int height) =>
        Write(path, WithAlpha(rgb), SKColorType.Rgba8888, width, height);

    /// <summary>Writes one byte to a pixel.</summary>
    public static void WriteGray(string path, byte[] gray, int width, int height) => Write(path, gray, SKColorType.Gray8, width, height);

    private static byte[] WithAlpha(ReadOnlySpan<byte> rgb)
    {
        byte[] pixels = new byte[rgb.Length / 3 * 4];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(pixels.AsSpan(to));
            pixels[to + 3] = byte.MaxValue;
        }

        return pixels;
    }

    private static void Write(string path, byte[] pixels, SKColorType type, int width, int height)
    {
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, type, SKAlphaType.Opaque), pixels);
        using SKData data =
            image.Encode(SKEncodedImageFormat.Png, quality: 100)
            ?? throw new InvalidOperationException($"SkiaSharp could not encode '{path}'.");
        using FileStream file = File.Create(path);
        data.SaveTo(file);
    }
}
