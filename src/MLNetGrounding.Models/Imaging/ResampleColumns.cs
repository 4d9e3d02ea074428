namespace MLNetGrounding.Models.Imaging;

/// <summary>The weights of some target columns, kept because every row needs them.</summary>
internal sealed class ResampleColumns
{
    // 16 MB: more columns than these are done in several rounds.
    private const int MostWeights = 1 << 22;

    private readonly int[] _sources;
    private readonly int[] _offsets;
    private readonly int[] _weights;

    // Red, green and blue of what the background adds to each column, and of a row that is all background; one half included.
    private readonly int[] _background;

    private ResampleColumns(int columns, int weights)
    {
        _sources = new int[columns];
        _offsets = new int[columns + 1];
        _weights = new int[weights];
        _background = new int[3 * columns];
        BackgroundRow = new int[3 * columns];
    }

    /// <summary>Number of target columns.</summary>
    public int Count => _sources.Length;

    /// <summary>A resampled row in which nothing of the image is, <c>[count, 3]</c>.</summary>
    public int[] BackgroundRow { get; }

    /// <summary>As many columns from <paramref name="first"/> on as are done at once.</summary>
    public static ResampleColumns Create(ResampleAxis axis, Canvas source, int first, CancellationToken cancellationToken)
    {
        (int end, long count) = (first, 0L);
        while (end < axis.Targets && (end == first || count + Inside(axis, source, end).Length <= MostWeights))
        {
            count += Inside(axis, source, end++).Length;
        }
        var result = new ResampleColumns(end - first, checked((int)count));
        for (int column = 0; column < result.Count; column++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            result.Fill(column, axis, first + column, source);
        }
        return result;
    }

    /// <summary>Resamples the image's pixels of a row, <c>[columns that show it, 3]</c>, to <c>[count, 3]</c> levels of 0 to 255.</summary>
    public void Resample(ReadOnlySpan<byte> imageRow, Span<int> target)
    {
        for (int column = 0; column < _sources.Length; column++)
        {
            Span<int> weights = _weights.AsSpan(_offsets[column].._offsets[column + 1]);
            ReadOnlySpan<byte> pixels = imageRow.Slice(3 * _sources[column], 3 * weights.Length);
            Span<int> sums = _background.AsSpan(3 * column, 3);
            (int red, int green, int blue) = (sums[0], sums[1], sums[2]);
            for (int index = 0; index < weights.Length; index++)
            {
                red += pixels[3 * index] * weights[index];
                green += pixels[3 * index + 1] * weights[index];
                blue += pixels[3 * index + 2] * weights[index];
            }
            target[3 * column] = Resampler.ToLevel(red);
            target[3 * column + 1] = Resampler.ToLevel(green);
            target[3 * column + 2] = Resampler.ToLevel(blue);
        }
    }

    private static (int Start, int Length) Inside(ResampleAxis axis, Canvas source, int target)
    {
        int start = Math.Clamp(axis.Start(target), source.FirstColumn, Math.Max(source.EndOfColumns, source.FirstColumn));
        return (start, Math.Max(Math.Min(axis.End(target), source.EndOfColumns) - start, 0));
    }

    private void Fill(int column, ResampleAxis axis, int target, Canvas source)
    {
        (int start, int length) = Inside(axis, source, target);
        int offset = _offsets[column];
        _sources[column] = start - source.FirstColumn;
        _offsets[column + 1] = offset + length;
        int inside = 0;
        for (int index = 0; index < length; index++)
        {
            inside += _weights[offset + index] = axis.Weight(target, start + index);
        }
        int outside = axis.SumOfWeights(target, axis.Start(target), start) + axis.SumOfWeights(target, start + length, axis.End(target));
        for (int channel = 0; channel < 3; channel++)
        {
            byte level = channel switch
            {
                0 => source.Background.Red,
                1 => source.Background.Green,
                _ => source.Background.Blue,
            };
            _background[3 * column + channel] = Resampler.Half + level * outside;
            BackgroundRow[3 * column + channel] = Resampler.ToLevel(Resampler.Half + level * (outside + inside));
        }
    }
}
