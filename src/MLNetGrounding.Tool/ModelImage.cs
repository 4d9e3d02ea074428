using Microsoft.ML.Data;

namespace MLNetGrounding.Tool;

/// <summary>Images as models take them.</summary>
internal static class ModelImage
{
    /// <summary>The colors of an image that <see cref="ImageFile"/> decoded: BGRA, opaque.</summary>
    public static RgbImage Of(MLImage image)
    {
        byte[] rgb = new byte[image.Width * image.Height * 3];
        ReadOnlySpan<byte> bgra = image.Pixels;
        for (int pixel = 0; pixel < image.Width * image.Height; pixel++)
        {
            (rgb[pixel * 3], rgb[(pixel * 3) + 1], rgb[(pixel * 3) + 2]) = (bgra[(pixel * 4) + 2], bgra[(pixel * 4) + 1], bgra[pixel * 4]);
        }

        return new RgbImage(image.Width, image.Height, rgb);
    }
}
