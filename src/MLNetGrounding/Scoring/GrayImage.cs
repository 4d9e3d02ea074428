using SkiaSharp;

namespace MLNetGrounding.Scoring;

/// <summary>Reads masks: images of gray levels, as large as the image that they belong to.</summary>
internal static class GrayImage
{
    /// <summary>The gray level of each pixel, row by row; the channels of gray are equal, so the first will do.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="geometry">The geometry of the image that it belongs to.</param>
    /// <exception cref="InvalidDataException">It cannot be decoded or is not as large as the image.</exception>
    public static byte[] Read(string path, string what, in ImageGeometry geometry)
    {
        using SKBitmap bitmap = Decode(path, what);
        (int width, int height) = (bitmap.Width, bitmap.Height);
        if (width != geometry.ImageWidth || height != geometry.ImageHeight)
        {
            throw new InvalidDataException(
                $"The {what} {path} has {width} x {height} pixels, the image {geometry.ImageWidth} x {geometry.ImageHeight}; expected the same."
            );
        }

        byte[] levels = new byte[width * height];
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                levels[(y * width) + x] = pixels[(y * bitmap.RowBytes) + (x * bitmap.BytesPerPixel)];
            }
        }

        return levels;
    }

    private static SKBitmap Decode(string path, string what)
    {
        try
        {
            return ImageFile.Decode(path, new ImageLoadingOptions());
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"The {what} {exception.Message}");
        }
    }
}
