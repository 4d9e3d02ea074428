using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetGrounding.Models.Imaging;

/// <summary>
/// Resizing that equals Pillow's bit for bit: columns first, then rows, both in fixed point, rounded to 8 bits in between. Models were
/// trained on pixels made that way; libtorch's own resizing differs by up to 13 gray levels. Time and memory are in proportion to the
/// pixels of the image and of the result, however large a canvas the image lies on.
/// </summary>
internal static class Resampler
{
    /// <summary>One half in fixed point: the shift then rounds instead of cutting.</summary>
    public const int Half = 1 << (ResampleAxis.PrecisionBits - 1);

    /// <summary>Resizes a whole canvas.</summary>
    /// <inheritdoc cref="Resize(Canvas, long, long, Window, ResampleFilter, CancellationToken)"/>
    public static byte[] Resize(
        Canvas source,
        int width,
        int height,
        ResampleFilter filter = ResampleFilter.Bicubic,
        CancellationToken cancellationToken = default
    ) => Resize(source, width, height, new Window(0, 0, width, height), filter, cancellationToken);

    /// <summary>Resizes a canvas and returns a window of the result; only what the window needs is computed.</summary>
    /// <param name="source">The canvas.</param>
    /// <param name="width">Width of the whole resized canvas; its proportions may change.</param>
    /// <param name="height">Height of the whole resized canvas.</param>
    /// <param name="window">The part of it that is wanted.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Red, green and blue, <c>[window height, window width, 3]</c>.</returns>
    /// <exception cref="ArgumentException">The window has more pixels than an array holds.</exception>
    /// <exception cref="OperationCanceledException">The work was ended early.</exception>
    public static byte[] Resize(
        Canvas source,
        long width,
        long height,
        Window window,
        ResampleFilter filter = ResampleFilter.Bicubic,
        CancellationToken cancellationToken = default
    )
    {
        if (3L * window.Width * window.Height > Array.MaxLength)
        {
            throw new ArgumentException(
                $"An image of {window.Width} x {window.Height} pixels is more than an array of {Array.MaxLength} bytes holds. Choose a smaller grid, or fewer tiles.",
                nameof(window)
            );
        }
        var columns = ResampleAxis.Create(filter, source.Width, width, window.Left, window.Width, cancellationToken);
        var rows = ResampleAxis.Create(filter, source.Height, height, window.Top, window.Height, cancellationToken);
        int[] outside = new int[rows.Targets];
        for (int row = 0; row < outside.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            outside[row] =
                rows.SumOfWeights(row, 0, source.FirstRow)
                + rows.SumOfWeights(row, Math.Max(source.EndOfRows, source.FirstRow), source.Height);
        }
        byte[] result = new byte[3 * window.Width * window.Height];
        for (int first = 0; first < columns.Targets; )
        {
            var block = ResampleColumns.Create(columns, source, first, cancellationToken);
            CombineRows(source, block, rows, outside, result.AsSpan(3 * first), 3 * window.Width, cancellationToken);
            first += block.Count;
        }
        return result;
    }

    /// <summary>The gray level of a number in fixed point.</summary>
    public static byte ToLevel(int fixedPoint) => (byte)Math.Clamp(fixedPoint >> ResampleAxis.PrecisionBits, 0, 255);

    /// <summary>
    /// Adds every row of the image to the target rows that it is a part of, so that neither resampled rows nor sums are kept for longer
    /// than they are needed. Whole numbers can be added in any order.
    /// </summary>
    private static void CombineRows(
        Canvas source,
        ResampleColumns columns,
        ResampleAxis rows,
        int[] outside,
        Span<byte> result,
        int resultStride,
        CancellationToken cancellationToken
    )
    {
        int[] narrowed = new int[3 * columns.Count];
        // The target rows from first up to, but without, next have been begun and are not complete.
        int[][] begun = new int[MostAtOnce(rows)][];
        (int first, int next) = (0, 0);
        for (int row = source.FirstRow; row < source.EndOfRows && first < rows.Targets; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Complete(row, result);
            while (next < rows.Targets && rows.Start(next) <= row)
            {
                Begin();
            }
            if (first < next)
            {
                columns.Resample(source.EndOfColumns > source.FirstColumn ? source.ImageRow(row) : [], narrowed);
            }
            for (int target = first; target < next; target++)
            {
                Add(narrowed, rows.Weight(target, row), begun[target % begun.Length]);
            }
        }
        Complete(int.MaxValue, result);

        void Begin()
        {
            int[] sums = begun[next % begun.Length] ??= new int[narrowed.Length];
            Array.Fill(sums, Half);
            Add(columns.BackgroundRow, outside[next], sums);
            next++;
        }

        void Complete(int row, Span<byte> result)
        {
            for (; first < rows.Targets && rows.End(first) <= row; first++)
            {
                if (first == next)
                {
                    Begin();
                }
                int[] sums = begun[first % begun.Length];
                Span<byte> target = result.Slice(first * resultStride, sums.Length);
                for (int element = 0; element < target.Length; element++)
                {
                    target[element] = ToLevel(sums[element]);
                }
            }
        }
    }

    /// <summary>The most target rows that a source row, or those it shares a target row with, can be a part of.</summary>
    private static int MostAtOnce(ResampleAxis rows)
    {
        (int most, int end) = (1, 0);
        for (int target = 0; target < rows.Targets; target++)
        {
            while (end < rows.Targets && rows.Start(end) < rows.End(target))
            {
                end++;
            }
            most = Math.Max(most, end - target);
        }
        return most;
    }

    private static void Add(ReadOnlySpan<int> row, int weight, Span<int> sums)
    {
        ReadOnlySpan<Vector<int>> from = MemoryMarshal.Cast<int, Vector<int>>(row);
        Span<Vector<int>> to = MemoryMarshal.Cast<int, Vector<int>>(sums);
        for (int index = 0; index < from.Length; index++)
        {
            to[index] += from[index] * weight;
        }
        for (int element = from.Length * Vector<int>.Count; element < row.Length; element++)
        {
            sums[element] += row[element] * weight;
        }
    }
}
