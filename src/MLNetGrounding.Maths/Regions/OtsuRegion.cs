using System.Buffers;
using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// What lies above the threshold that separates the pixels of the map, enlarged to the image, into the two most different groups
/// (Otsu, 1979): how DecAF makes a mask without a segmenter (Han et al., arXiv 2510.19592, released code).
/// </summary>
/// <remarks>
/// The map is scaled to 0..1 between its minimum and maximum, enlarged bilinearly, and counted in 256 levels, rounded down. A cell belongs
/// to the region where its own level is above the threshold; the box is that of the pixels.
/// </remarks>
public sealed record OtsuRegion : RegionRule
{
    private const int Levels = 256;

    /// <inheritdoc/>
    public override string Name => "otsu";

    /// <summary>The pixels of the region.</summary>
    /// <param name="map">A map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">Where its cells lie in the image.</param>
    /// <param name="pixels">Receives the region, <c>[imageHeight, imageWidth]</c>; empty for a constant map.</param>
    /// <returns>Number of pixels in the region.</returns>
    internal static int Mask(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> pixels)
    {
        Numbers.ThrowIfLengthIsNot(
            checked(geometry.ImageWidth * geometry.ImageHeight),
            pixels.Length,
            "[imageHeight, imageWidth]",
            nameof(pixels)
        );
        byte[] levels = ArrayPool<byte>.Shared.Rent(pixels.Length);
        try
        {
            Span<byte> image = levels.AsSpan(0, pixels.Length);
            int threshold = ThresholdOf(map, geometry, image);
            int count = 0;
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                pixels[pixel] = image[pixel] > threshold;
                count += pixels[pixel] ? 1 : 0;
            }
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(levels);
        }
    }

    internal override bool HasOwnBox => true;

    internal override PixelRectangle? Box(ReadOnlySpan<float> map, in ImageGeometry geometry, ReadOnlySpan<bool> region)
    {
        bool[] pixels = ArrayPool<bool>.Shared.Rent(checked(geometry.ImageWidth * geometry.ImageHeight));
        try
        {
            Span<bool> mask = pixels.AsSpan(0, geometry.ImageWidth * geometry.ImageHeight);
            Mask(map, geometry, mask);
            PixelRectangle? box = null;
            for (int y = 0; y < geometry.ImageHeight; y++)
            {
                Span<bool> line = mask.Slice(y * geometry.ImageWidth, geometry.ImageWidth);
                if (line.IndexOf(true) is >= 0 and var first)
                {
                    box = PixelRectangle.Around(box, new PixelRectangle(first, y, line.LastIndexOf(true) + 1, y + 1));
                }
            }
            return box?.Intersect(geometry.View()) is { Area: > 0 } inside ? inside : null;
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(pixels);
        }
    }

    private protected override int MarkCells(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> region)
    {
        byte[] levels = ArrayPool<byte>.Shared.Rent(checked(geometry.ImageWidth * geometry.ImageHeight));
        try
        {
            int threshold = ThresholdOf(map, geometry, levels.AsSpan(0, geometry.ImageWidth * geometry.ImageHeight));
            float[] scaled = Scaled(map);
            int count = 0;
            for (int cell = 0; cell < region.Length; cell++)
            {
                region[cell] = Level(scaled[cell]) > threshold;
                count += region[cell] ? 1 : 0;
            }
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(levels);
        }
    }

    private static int ThresholdOf(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<byte> image)
    {
        float[] enlarged = ArrayPool<float>.Shared.Rent(image.Length);
        try
        {
            Span<float> pixels = enlarged.AsSpan(0, image.Length);
            MapEnlargement.Enlarge(Scaled(map), geometry, pixels);
            Span<int> counts = stackalloc int[Levels];
            counts.Clear();
            for (int pixel = 0; pixel < pixels.Length; pixel++)
            {
                image[pixel] = Level(pixels[pixel]);
                counts[image[pixel]]++;
            }
            return MostDifferent(counts, image.Length);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(enlarged);
        }
    }

    /// <summary>
    /// The level up to which pixels are one group, where the variance between the groups is largest; of equal ones the first.
    /// </summary>
    private static int MostDifferent(ReadOnlySpan<int> counts, int pixels)
    {
        double mean = 0.0;
        for (int level = 0; level < Levels; level++)
        {
            mean += (double)level * counts[level] / pixels;
        }
        (int best, double largest, double share, double sum) = (0, 0.0, 0.0, 0.0);
        for (int level = 0; level < Levels; level++)
        {
            share += (double)counts[level] / pixels;
            sum += (double)level * counts[level] / pixels;
            // A group of next to nothing is none.
            if (Math.Min(share, 1 - share) < Precision)
            {
                continue;
            }
            (double lower, double upper) = (sum / share, (mean - sum) / (1 - share));
            double variance = share * (1 - share) * (lower - upper) * (lower - upper);
            if (variance > largest)
            {
                (best, largest) = (level, variance);
            }
        }
        return best;
    }

    // That of a single-precision number, as in OpenCV.
    private const double Precision = 1.0 / (1 << 23);

    private static byte Level(float value) => (byte)(value * (Levels - 1));

    /// <summary>In single precision, as what is counted.</summary>
    private static float[] Scaled(ReadOnlySpan<float> map)
    {
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        float range = (float)maximum - (float)minimum;
        float[] scaled = new float[map.Length];
        for (int cell = 0; range > 0 && cell < map.Length; cell++)
        {
            scaled[cell] = (map[cell] - (float)minimum) / range;
        }
        return scaled;
    }
}
