using Microsoft.ML.Data;

namespace MLNetGrounding.Attention;

/// <summary>A drawn photo: a sky, a meadow and a red disc.</summary>
internal static class Photo
{
    public static MLImage Draw(int width, int height)
    {
        byte[] pixels = new byte[4 * width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool disc = Math.Pow(x - (0.7 * width), 2) + Math.Pow(y - (0.4 * height), 2) < Math.Pow(0.12 * height, 2);
                (byte red, byte green, byte blue) =
                    disc ? ((byte)200, (byte)40, (byte)30)
                    : y < 0.6 * height ? ((byte)120, (byte)170, (byte)(200 + (40 * y / height)))
                    : ((byte)(60 + (x * 60 / width)), (byte)150, (byte)60);
                (
                    pixels[4 * ((y * width) + x)],
                    pixels[(4 * ((y * width) + x)) + 1],
                    pixels[(4 * ((y * width) + x)) + 2],
                    pixels[(4 * ((y * width) + x)) + 3]
                ) = (blue, green, red, 255);
            }
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }
}
