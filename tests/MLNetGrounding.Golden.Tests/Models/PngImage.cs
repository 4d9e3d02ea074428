using SkiaSharp;

namespace MLNetGrounding.Golden.Models;

/// <summary>Reads the images of golden data, which have no transparency and no profile.</summary>
internal static class PngImage
{
    public static RgbImage Read(string path)
    {
        using var bitmap = SKBitmap.Decode(path);
        return new RgbImage(
            bitmap.Width,
            bitmap.Height,
            [.. bitmap.Pixels.SelectMany(pixel => (byte[])[pixel.Red, pixel.Green, pixel.Blue])]
        );
    }
}
