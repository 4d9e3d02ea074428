using SkiaSharp;

namespace MLNetGrounding.Models.Imaging;

/// <summary>Pictures for the tests.</summary>
internal static class Pictures
{
    public static RgbImage Decode(string path)
    {
        using var bitmap = SKBitmap.Decode(path);
        byte[] pixels = bitmap.Pixels.SelectMany(pixel => new[] { pixel.Red, pixel.Green, pixel.Blue }).ToArray();
        return new RgbImage(bitmap.Width, bitmap.Height, pixels);
    }

    public static RgbImage Random(Random random, int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        random.NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    public static RgbImage Plain(int width, int height, byte red, byte green, byte blue) =>
        new(width, height, [.. Enumerable.Range(0, width * height).SelectMany(_ => new[] { red, green, blue })]);
}
