using System.Buffers;

namespace MLNetGrounding.Models.Imaging;

/// <summary>
/// Bicubic resizing that equals Pillow's bit for bit: columns first, then rows, both in fixed point, rounded to 8 bits in between.
/// Models were trained on pixels made that way; libtorch's own resizing differs by up to 13 gray levels.
/// </summary>
internal static class BicubicResampler
{
    /// <summary>One half in fixed point: the shift then rounds instead of cutting.</summary>
    private const int Half = 1 << (ResampleWeights.PrecisionBits - 1);

    /// <summary>Resizes a picture and returns a window of the result; only what the window needs is computed.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="width">Width of the whole resized picture.</param>
    /// <param name="height">Height of the whole resized picture.</param>
    /// <param name="window">The part of it that is wanted.</param>
    /// <returns>Red, green and blue, <c>[window height, window width, 3]</c>.</returns>
    public static byte[] Resize(Canvas source, int width, int height, Window window)
    {
        var columns = ResampleWeights.Create(source.Width, width, window.Left, window.Width);
        var rows = ResampleWeights.Create(source.Height, height, window.Top, window.Height);
        var stride = 3 * window.Width;
        var neededRows = rows.EndOfSources - rows.FirstSource;
        var sourceRow = ArrayPool<byte>.Shared.Rent(3 * source.Width);
        var narrowed = ArrayPool<byte>.Shared.Rent(checked(stride * neededRows));
        var sums = ArrayPool<int>.Shared.Rent(stride);
        try
        {
            for (var row = 0; row < neededRows; row++)
            {
                source.CopyRow(rows.FirstSource + row, sourceRow);
                ResampleRow(sourceRow, columns, narrowed.AsSpan(row * stride, stride));
            }
            var result = new byte[stride * window.Height];
            for (var row = 0; row < window.Height; row++)
            {
                CombineRows(narrowed, rows, row, sums.AsSpan(0, stride), result.AsSpan(row * stride, stride));
            }
            return result;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sourceRow);
            ArrayPool<byte>.Shared.Return(narrowed);
            ArrayPool<int>.Shared.Return(sums);
        }
    }

    private static void ResampleRow(ReadOnlySpan<byte> source, ResampleWeights columns, Span<byte> target)
    {
        for (var column = 0; 3 * column < target.Length; column++)
        {
            var weights = columns.Of(column, out var first);
            var pixels = source.Slice(3 * first, 3 * weights.Length);
            int red = Half, green = Half, blue = Half;
            for (var index = 0; index < weights.Length; index++)
            {
                red += pixels[3 * index] * weights[index];
                green += pixels[3 * index + 1] * weights[index];
                blue += pixels[3 * index + 2] * weights[index];
            }
            target[3 * column] = ToByte(red);
            target[3 * column + 1] = ToByte(green);
            target[3 * column + 2] = ToByte(blue);
        }
    }

    private static void CombineRows(ReadOnlySpan<byte> narrowed, ResampleWeights rows, int row, Span<int> sums, Span<byte> target)
    {
        var weights = rows.Of(row, out var first);
        sums.Fill(Half);
        for (var index = 0; index < weights.Length; index++)
        {
            var source = narrowed.Slice((first - rows.FirstSource + index) * sums.Length, sums.Length);
            for (var element = 0; element < sums.Length; element++)
            {
                sums[element] += source[element] * weights[index];
            }
        }
        for (var element = 0; element < sums.Length; element++)
        {
            target[element] = ToByte(sums[element]);
        }
    }

    private static byte ToByte(int fixedPoint) => (byte)Math.Clamp(fixedPoint >> ResampleWeights.PrecisionBits, 0, 255);
}
