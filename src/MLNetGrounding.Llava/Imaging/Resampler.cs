using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetGrounding.Llava;

/// <summary>
/// Resizing that equals Pillow's bit for bit: columns first, then rows, both in fixed point, rounded to 8 bits in between. Models were
/// trained on pixels made that way; libtorch's own resizing differs by up to 13 gray levels. Time and memory are in proportion to the pixels
/// of the image and of the result, however large a canvas the image lies on.
/// </summary>
internal static class Resampler
{
    /// <summary>One half in fixed point: the shift then rounds instead of cutting.</summary>
    public const int Half = 1 << (ResampleAxis.PrecisionBits - 1);

    /// <summary>Resizes a whole canvas.</summary>
    /// <inheritdoc cref="Resize(Canvas, int, int, Window, ResampleFilter, CancellationToken)"/>
    public static byte[] Resize(
        Canvas source, int width, int height, ResampleFilter filter = ResampleFilter.Bicubic, CancellationToken cancellationToken = default) =>
        Resize(source, width, height, new Window(0, 0, width, height), filter, cancellationToken);

    /// <summary>Resizes a canvas and returns a window of the result; only what the window needs is computed.</summary>
    /// <param name="source">The canvas.</param>
    /// <param name="width">Width of the whole resized canvas; its proportions may change.</param>
    /// <param name="height">Height of the whole resized canvas.</param>
    /// <param name="window">The part of it that is wanted.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Red, green and blue, <c>[window height, window width, 3]</c>.</returns>
    /// <exception cref="OperationCanceledException">The work was ended early.</exception>
    public static byte[] Resize(
        Canvas source,
        int width,
        int height,
        Window window,
        ResampleFilter filter = ResampleFilter.Bicubic,
        CancellationToken cancellationToken = default)
    {
        var columns = ResampleAxis.Create(filter, source.Width, width, window.Left, window.Width, cancellationToken);
        var rows = ResampleAxis.Create(filter, source.Height, height, window.Top, window.Height, cancellationToken);
        var outside = new int[rows.Targets];
        for (var row = 0; row < outside.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            outside[row] = rows.SumOfWeights(row, 0, source.FirstRow) + rows.SumOfWeights(row, Math.Max(source.EndOfRows, source.FirstRow), source.Height);
        }
        var result = new byte[3 * window.Width * window.Height];
        for (var first = 0; first < columns.Targets;)
        {
            var block = ResampleColumns.Create(columns, source, first, cancellationToken);
            var sums = Combine(source, block, rows, outside, cancellationToken);
            for (var row = 0; row < rows.Targets; row++)
            {
                var target = result.AsSpan(3 * (row * window.Width + first), 3 * block.Count);
                var sum = sums.AsSpan(row * target.Length, target.Length);
                for (var element = 0; element < target.Length; element++)
                {
                    target[element] = ToLevel(sum[element]);
                }
            }
            first += block.Count;
        }
        return result;
    }

    /// <summary>The gray level of a number in fixed point.</summary>
    public static byte ToLevel(int fixedPoint) => (byte)Math.Clamp(fixedPoint >> ResampleAxis.PrecisionBits, 0, 255);

    /// <summary>
    /// Adds every row of the image to the target rows that it is a part of, so that no resampled row is kept; <c>[rows, columns, 3]</c> in
    /// fixed point, one half included. Whole numbers can be added in any order.
    /// </summary>
    private static int[] Combine(Canvas source, ResampleColumns columns, ResampleAxis rows, ReadOnlySpan<int> outside, CancellationToken cancellationToken)
    {
        var stride = 3 * columns.Count;
        var sums = new int[stride * rows.Targets];
        Array.Fill(sums, Half);
        for (var target = 0; target < rows.Targets; target++)
        {
            Add(columns.BackgroundRow, outside[target], sums.AsSpan(target * stride, stride));
        }
        var narrowed = new int[stride];
        var first = 0;
        for (var row = source.FirstRow; row < source.EndOfRows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (first < rows.Targets && rows.End(first) <= row)
            {
                first++;
            }
            if (first == rows.Targets)
            {
                break;
            }
            if (rows.Start(first) > row)
            {
                continue;
            }
            columns.Resample(source.EndOfColumns > source.FirstColumn ? source.ImageRow(row) : [], narrowed);
            for (var target = first; target < rows.Targets && rows.Start(target) <= row; target++)
            {
                Add(narrowed, rows.Weight(target, row), sums.AsSpan(target * stride, stride));
            }
        }
        return sums;
    }

    private static void Add(ReadOnlySpan<int> row, int weight, Span<int> sums)
    {
        var from = MemoryMarshal.Cast<int, Vector<int>>(row);
        var to = MemoryMarshal.Cast<int, Vector<int>>(sums);
        for (var index = 0; index < from.Length; index++)
        {
            to[index] += from[index] * weight;
        }
        for (var element = from.Length * Vector<int>.Count; element < row.Length; element++)
        {
            sums[element] += row[element] * weight;
        }
    }
}
