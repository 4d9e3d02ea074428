namespace MLNetGrounding;

/// <summary>A decoded image: 8 bits each of red, green and blue per pixel.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps the pixels of an image; they are not copied.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="pixels">Red, green and blue per pixel, row by row from the top left, <c>[height, width, 3]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ArgumentException">There are not width x height x 3 bytes.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != 3L * width * height)
        {
            throw new ArgumentException(
                $"An image of {width} x {height} pixels has {3L * width * height} bytes of red, green and blue, not {pixels.Length}.",
                nameof(pixels)
            );
        }
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue per pixel, row by row from the top left, <c>[height, width, 3]</c>.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }
}
