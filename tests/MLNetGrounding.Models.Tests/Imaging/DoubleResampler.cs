namespace MLNetGrounding.Models.Imaging;

/// <summary>
/// The slow, obvious twin of <see cref="Resampler"/>: a filter, stretched where the image shrinks, normalized over the pixels that exist;
/// each pass in double, rounded to 8 bits.
/// </summary>
internal static class DoubleResampler
{
    public static byte[] Resize(RgbImage image, int width, int height, ResampleFilter filter)
    {
        byte[] source = image.Pixels.ToArray();
        byte[][] narrowed = Pass(
            filter,
            image.Width,
            width,
            from =>
                Enumerable
                    .Range(0, image.Height)
                    .SelectMany(row =>
                        Enumerable.Range(0, 3).Select(channel => from(column => source[3 * (row * image.Width + column) + channel]))
                    )
        );
        // [width][height x 3]
        byte[][] result = Pass(
            filter,
            image.Height,
            height,
            from =>
                Enumerable
                    .Range(0, width)
                    .SelectMany(column => Enumerable.Range(0, 3).Select(channel => from(row => narrowed[column][3 * row + channel])))
        );
        return [.. result.SelectMany(row => row)];
    }

    private static byte[][] Pass(
        ResampleFilter filter,
        int sourceSize,
        int targetSize,
        Func<Func<Func<int, byte>, byte>, IEnumerable<byte>> line
    )
    {
        double scale = (double)sourceSize / targetSize;
        double stretch = Math.Max(scale, 1);
        return
        [
            .. Enumerable
                .Range(0, targetSize)
                .Select(target =>
                {
                    double center = (target + 0.5) * scale;
                    double[] weights = Enumerable
                        .Range(0, sourceSize)
                        .Select(source => Weight(filter, Math.Abs((source + 0.5 - center) / stretch)))
                        .ToArray();
                    double sum = weights.Sum();
                    byte Filter(Func<int, byte> value)
                    {
                        double total = 0.0;
                        for (int source = 0; source < sourceSize; source++)
                        {
                            total += weights[source] / sum * value(source);
                        }
                        return (byte)Math.Clamp(Math.Floor(total + 0.5), 0, 255);
                    }
                    return line(Filter).ToArray();
                }),
        ];
    }

    private static double Weight(ResampleFilter filter, double x) =>
        filter switch
        {
            ResampleFilter.Bilinear => x < 1 ? 1 - x : 0,
            ResampleFilter.Bicubic => x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1
            : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2
            : 0,
            _ => x == 0 ? 1
            : x < 3 ? 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x)
            : 0,
        };
}
