using Microsoft.ML.Data;

namespace MLNetGrounding.Data.Images;

/// <summary>Turns ML.NET's images into the model's.</summary>
internal static class ImagePixels
{
    /// <summary>Copies the colors of an image; transparency is undone and dropped, as Pillow's conversion to RGB does.</summary>
    public static RgbImage ToRgb(MLImage image)
    {
        ReadOnlySpan<byte> source = image.Pixels;
        byte[] pixels = new byte[image.Width * image.Height * 3];
        (int red, int blue) = image.PixelFormat == MLPixelFormat.Rgba32 ? (0, 2) : (2, 0);
        for (int from = 0, to = 0; to < pixels.Length; from += 4, to += 3)
        {
            byte alpha = source[from + 3];
            pixels[to] = Unpremultiplied(source[from + red], alpha);
            pixels[to + 1] = Unpremultiplied(source[from + 1], alpha);
            pixels[to + 2] = Unpremultiplied(source[from + blue], alpha);
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static byte Unpremultiplied(byte value, byte alpha) =>
        alpha is 0 or 255 ? value : (byte)Math.Min(255, ((value * 255) + (alpha / 2)) / alpha);
}
