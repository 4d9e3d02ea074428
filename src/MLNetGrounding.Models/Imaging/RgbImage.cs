using MLNetGrounding.Maths.Numerics;

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

    /// <summary>A copy in which a part is hidden.</summary>
    /// <param name="box">The part: all pixels that it touches; what lies beyond the image is cut off.</param>
    /// <param name="baseline">What they become. Default: black.</param>
    /// <exception cref="ArgumentException">The box is none, or lies outside the image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The baseline is not defined.</exception>
    public RgbImage Hide(ImageBox box, FaithfulnessBaseline baseline = FaithfulnessBaseline.Black)
    {
        box.Validate(nameof(box));
        OptionChecks.Defined(baseline, nameof(baseline));
        int left = (int)Math.Clamp(Math.Floor(box.X), 0, Width);
        int right = (int)Math.Clamp(Math.Ceiling(box.X + box.Width), 0, Width);
        int top = (int)Math.Clamp(Math.Floor(box.Y), 0, Height);
        int bottom = (int)Math.Clamp(Math.Ceiling(box.Y + box.Height), 0, Height);
        if (left >= right || top >= bottom)
        {
            throw new ArgumentException($"The {box} lies outside the image of {Width} x {Height} pixels.", nameof(box));
        }

        byte[] hidden = HiddenPixels(baseline);
        byte[] pixels = Pixels.ToArray();
        for (int row = top; row < bottom; row++)
        {
            int first = 3 * ((row * Width) + left);
            int count = 3 * (right - left);
            hidden.AsSpan(first, count).CopyTo(pixels.AsSpan(first, count));
        }

        return new RgbImage(Width, Height, pixels);
    }

    /// <summary>The pixels of the image with all of them hidden.</summary>
    internal byte[] HiddenPixels(FaithfulnessBaseline baseline)
    {
        ReadOnlySpan<byte> pixels = Pixels.Span;
        byte[] hidden = new byte[pixels.Length];
        if (baseline == FaithfulnessBaseline.MeanColor)
        {
            long[] sums = new long[3];
            for (int index = 0; index < pixels.Length; index++)
            {
                sums[index % 3] += pixels[index];
            }

            for (int index = 0; index < pixels.Length; index++)
            {
                hidden[index] = (byte)Math.Round(3.0 * sums[index % 3] / pixels.Length);
            }
        }

        return hidden;
    }
}
