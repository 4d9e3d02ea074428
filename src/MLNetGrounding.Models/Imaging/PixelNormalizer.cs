namespace MLNetGrounding.Models.Imaging;

/// <summary>Turns gray levels into what a vision tower takes, as Hugging Face's processors do.</summary>
internal sealed class PixelNormalizer
{
    private const int Levels = 256;

    // Normalized value of every level, [3, 256].
    private readonly float[] _values = new float[3 * Levels];

    /// <summary>Prepares the value of every level.</summary>
    /// <param name="rescaleFactor">What a level of 0 to 255 is multiplied by.</param>
    /// <param name="mean">What is subtracted from red, green and blue after that.</param>
    /// <param name="standardDeviation">What they are divided by then.</param>
    public PixelNormalizer(double rescaleFactor, IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviation)
    {
        for (int index = 0; index < _values.Length; index++)
        {
            (int channel, int level) = (index / Levels, index % Levels);
            // Rescaled in double, normalized in float: the processors' own order of rounding.
            float rescaled = (float)(level * rescaleFactor);
            _values[index] = (rescaled - (float)mean[channel]) / (float)standardDeviation[channel];
        }
    }

    /// <summary>The values of red, green or blue (0, 1 or 2), one for each level.</summary>
    public ReadOnlySpan<float> Of(int channel) => _values.AsSpan(Levels * channel, Levels);

    /// <summary>Normalizes pixels.</summary>
    /// <param name="pixels">Red, green and blue, <c>[height, width, 3]</c>.</param>
    /// <returns>Planes of red, green and blue, <c>[3, height, width]</c>.</returns>
    public float[] ToPlanes(ReadOnlySpan<byte> pixels)
    {
        float[] planes = new float[pixels.Length];
        ToPlanes(pixels, planes);
        return planes;
    }

    /// <summary>Normalizes several images of one size.</summary>
    /// <returns><c>[images, 3, height, width]</c>.</returns>
    public float[] ToPlanes(IReadOnlyList<byte[]> images)
    {
        int length = images[0].Length;
        float[] planes = new float[images.Count * length];
        for (int index = 0; index < images.Count; index++)
        {
            ToPlanes(images[index], planes.AsSpan(index * length, length));
        }
        return planes;
    }

    private void ToPlanes(ReadOnlySpan<byte> pixels, Span<float> planes)
    {
        int plane = pixels.Length / 3;
        for (int channel = 0; channel < 3; channel++)
        {
            ReadOnlySpan<float> values = Of(channel);
            Span<float> target = planes.Slice(channel * plane, plane);
            for (int pixel = 0; pixel < plane; pixel++)
            {
                target[pixel] = values[pixels[3 * pixel + channel]];
            }
        }
    }
}
