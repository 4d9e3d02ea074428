using MLNetGrounding.Maths;
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

    /// <summary>
    /// Added to attention scores, <c>[tokens, prefix + tokens]</c>: 0 where a token may look, or what amplifies it, minus infinity elsewhere.
    /// </summary>
    public Tensor Mask(ScalarType type, Device device, AmplifiedTokens? amplified = null) =>
        Mask(_suffixes.SelectMany(suffix => Enumerable.Range(0, suffix.Length).Select(row => (suffix, row))), amplified).to(type).to(device);

    /// <summary>The lines of <see cref="Mask(ScalarType, Device, AmplifiedTokens)"/> for the queried rows, <c>[rows, prefix + tokens]</c> in float32.</summary>
    public Tensor RowMask(Device device, AmplifiedTokens? amplified = null) => Mask(QueriedRows(), amplified).to(device);

    /// <summary>Positions of the queried rows in the packed sequence.</summary>
    public Tensor RowIndices(Device device) => tensor(QueriedRows().Select(row => (long)(row.Suffix.Start + row.Row)).ToArray(), device: device);

    /// <summary>Averages each query's rows over the visual tokens into its maps of one layer.</summary>
    /// <param name="attention">The queried rows' attention, <c>[heads, rows, prefix + tokens]</c>.</param>
    /// <param name="imageStart">The first visual token.</param>
    /// <param name="maps">Receives the maps.</param>
    /// <param name="layer">The layer.</param>
    public void Average(ReadOnlySpan<float> attention, int imageStart, MapCollector maps, int layer)
    {
        int rows = QueriedRows().Count();
        int row = 0;
        foreach (PackedSuffix suffix in _suffixes)
        {
            for (int set = 0; set < suffix.RowSets.Count; set++)
            {
                int subTokens = suffix.RowSets[set].Count;
                Span<float> map = maps.Map(layer, suffix.Query, set);
                for (int subToken = 0; subToken < subTokens; subToken++, row++)
                {
                    Add(attention[(row * Width)..], rows * Width, imageStart, 1f / subTokens, map);
                }
            }
        }
    }

    private int Width => _prefixLength + Length;

    /// <summary>Adds one token's row of every head, <paramref name="stride"/> apart, to a map <c>[heads, visualTokens]</c>.</summary>
    private void Add(ReadOnlySpan<float> attention, int stride, int imageStart, float weight, Span<float> map)
    {
        int visualTokens = _prefixLength - imageStart;
        for (int head = 0; head < map.Length / visualTokens; head++)
        {
            Numbers.AddScaled(attention.Slice(head * stride + imageStart, visualTokens), weight, map.Slice(head * visualTokens, visualTokens));
        }
    }

    private IEnumerable<(PackedSuffix Suffix, int Row)> QueriedRows() =>
        _suffixes.SelectMany(suffix => suffix.RowSets.SelectMany(set => set).Select(row => (suffix, row)));

    private Tensor Mask(IEnumerable<(PackedSuffix Suffix, int Row)> rows, AmplifiedTokens? amplified)
    {
        (PackedSuffix Suffix, int Row)[] lines = [.. rows];
        float[] mask = new float[lines.Length * Width];
        for (int line = 0; line < lines.Length; line++)
        {
            Span<float> own = mask.AsSpan(line * Width + _prefixLength, Length);
            own.Fill(float.NegativeInfinity);
            own.Slice(lines[line].Suffix.Start - Start, lines[line].Row + 1).Clear();
            amplified?.AddTo(mask.AsSpan(line * Width, _prefixLength), lines[line].Suffix.Query);
        }

        return tensor(mask, [lines.Length, Width]);
    }
}
