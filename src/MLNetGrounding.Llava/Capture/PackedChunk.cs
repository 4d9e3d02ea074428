using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Suffixes that lie side by side in the packed sequence and are attended together: each sees the prefix and its own tokens, none another's.</summary>
internal sealed class PackedChunk
{
    private readonly IReadOnlyList<PackedSuffix> _suffixes;
    private readonly int _prefixLength;

    public PackedChunk(IReadOnlyList<PackedSuffix> suffixes, int prefixLength)
    {
        _suffixes = suffixes;
        _prefixLength = prefixLength;
        Start = suffixes[0].Start;
        Length = suffixes.Sum(suffix => suffix.Length);
    }

    /// <summary>First position in the packed sequence.</summary>
    public int Start { get; }

    /// <summary>Number of tokens.</summary>
    public int Length { get; }

    /// <summary>Added to attention scores, <c>[tokens, prefix + tokens]</c>: 0 where a token may look, minus infinity elsewhere.</summary>
    public Tensor Mask(ScalarType type, Device device) =>
        Mask(_suffixes.SelectMany(suffix => Enumerable.Range(0, suffix.Length).Select(row => (suffix, row)))).to(type).to(device);

    /// <summary>The lines of <see cref="Mask(ScalarType, Device)"/> for the queried rows, <c>[rows, prefix + tokens]</c> in float32.</summary>
    public Tensor RowMask(Device device) => Mask(QueriedRows()).to(device);

    /// <summary>Positions of the queried rows in the packed sequence.</summary>
    public Tensor RowIndices(Device device) => tensor(QueriedRows().Select(row => (long)(row.Suffix.Start + row.Row)).ToArray(), device: device);

    /// <summary>Averages each query's rows of <paramref name="attention"/> <c>[heads, rows, visualTokens]</c> into its maps <c>[rowSets, queries][heads, visualTokens]</c>.</summary>
    public void Average(ReadOnlySpan<float> attention, int heads, int visualTokens, float[][] maps)
    {
        int rows = QueriedRows().Count();
        int row = 0;
        int queries = maps.Length / _suffixes[0].RowSets.Count;
        foreach ((PackedSuffix suffix, int set) in _suffixes.SelectMany(suffix => Enumerable.Range(0, suffix.RowSets.Count).Select(set => (suffix, set))))
        {
            int subTokens = suffix.RowSets[set].Count;
            float weight = 1f / subTokens;
            for (int subToken = 0; subToken < subTokens; subToken++, row++)
            {
                for (int head = 0; head < heads; head++)
                {
                    ReadOnlySpan<float> from = attention.Slice((head * rows + row) * visualTokens, visualTokens);
                    Span<float> to = maps[set * queries + suffix.Query].AsSpan(head * visualTokens, visualTokens);
                    for (int cell = 0; cell < visualTokens; cell++)
                    {
                        to[cell] += from[cell] * weight;
                    }
                }
            }
        }
    }

    private IEnumerable<(PackedSuffix Suffix, int Row)> QueriedRows() =>
        _suffixes.SelectMany(suffix => suffix.RowSets.SelectMany(set => set).Select(row => (suffix, row)));

    private Tensor Mask(IEnumerable<(PackedSuffix Suffix, int Row)> rows)
    {
        (PackedSuffix Suffix, int Row)[] lines = [.. rows];
        int width = _prefixLength + Length;
        float[] mask = new float[lines.Length * width];
        for (int line = 0; line < lines.Length; line++)
        {
            Span<float> own = mask.AsSpan(line * width + _prefixLength, Length);
            own.Fill(float.NegativeInfinity);
            own.Slice(lines[line].Suffix.Start - Start, lines[line].Row + 1).Clear();
        }

        return tensor(mask, [lines.Length, width]);
    }
}
