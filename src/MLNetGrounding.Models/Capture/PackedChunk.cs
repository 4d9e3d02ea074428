using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Suffixes that lie side by side in the packed sequence and are attended together: each sees the prefix and its own tokens, none
/// another's.
/// </summary>
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
    /// Added to attention scores, <c>[tokens, prefix + tokens]</c>: 0 where a token may look, or what amplifies it, minus infinity
    /// elsewhere.
    /// </summary>
    public Tensor Mask(ScalarType type, Device device, AmplifiedTokens? amplified = null)
    {
        int width = _prefixLength + Length;
        Tensor mask = zeros(Length, width);
        Span<float> lines = mask.Floats();
        foreach (PackedSuffix suffix in _suffixes)
        {
            for (int row = 0; row < suffix.Length; row++)
            {
                Span<float> line = lines.Slice((suffix.Start - Start + row) * width, width);
                line[_prefixLength..].Fill(float.NegativeInfinity);
                line.Slice(_prefixLength + suffix.Start - Start, row + 1).Clear();
                amplified?.AddTo(line, suffix.Query);
            }
        }

        GC.KeepAlive(mask);
        return mask.to(type).to(device);
    }

    /// <summary>Positions of the queried rows in the packed sequence.</summary>
    public Tensor RowIndices(Device device) =>
        tensor(
            _suffixes.SelectMany(suffix => suffix.RowSets.SelectMany(set => set).Select(row => (long)(suffix.Start + row))).ToArray(),
            device: device
        );

    /// <summary>
    /// Takes the softmax of the queried rows' scores and averages each query's over the visual tokens into its maps of one layer.
    /// </summary>
    /// <param name="prefixScores">Scores over the prefix, <c>[heads, rows, prefix]</c>; overwritten.</param>
    /// <param name="ownScores">Scores over this chunk's tokens, <c>[heads, rows, tokens]</c>; overwritten.</param>
    /// <param name="imageStart">The first visual token.</param>
    /// <param name="layout">What the visual tokens show.</param>
    /// <param name="amplified">Which scores are raised.</param>
    /// <param name="maps">Receives the maps.</param>
    /// <param name="layer">The layer.</param>
    public void Average(
        Span<float> prefixScores,
        Span<float> ownScores,
        int imageStart,
        VisualLayout layout,
        AmplifiedTokens? amplified,
        MapCollector maps,
        int layer
    )
    {
        int rows = _suffixes.Sum(suffix => suffix.RowSets.Sum(set => set.Count));
        int heads = ownScores.Length / (rows * Length);
        int visualTokens = _prefixLength - imageStart;
        bool[]? raised = amplified?.Heads.Of(layer);
        float[] tokens = layout.IsRowByRow ? [] : new float[heads * visualTokens];
        int row = 0;
        foreach (PackedSuffix suffix in _suffixes)
        {
            for (int set = 0; set < suffix.RowSets.Count; set++)
            {
                // Cells that are tokens one by one need no second array.
                Span<float> laidOut = maps.Map(layer, suffix.Query, set);
                Span<float> map = layout.IsRowByRow ? laidOut : tokens;
                map.Clear();
                foreach (int token in suffix.RowSets[set])
                {
                    for (int head = 0; head < heads; head++)
                    {
                        Span<float> prefix = prefixScores.Slice(((head * rows) + row) * _prefixLength, _prefixLength);
                        Span<float> own = ownScores.Slice(((head * rows) + row) * Length + suffix.Start - Start, token + 1);
                        if (raised?[head] == true)
                        {
                            amplified!.AddTo(prefix, suffix.Query);
                        }

                        float maximum = Math.Max(Softmax.Maximum(prefix), Softmax.Maximum(own));
                        double sum = Softmax.Exponentiate(prefix, maximum) + Softmax.Exponentiate(own, maximum);
                        float weight = (float)(1 / (sum * suffix.RowSets[set].Count));
                        Span<float> visual = map.Slice(head * visualTokens, visualTokens);
                        TensorPrimitives.MultiplyAdd(prefix[imageStart..], weight, visual, visual);
                    }

                    row++;
                }

                for (int head = 0; head < heads && !layout.IsRowByRow; head++)
                {
                    layout.Apply(map.Slice(head * visualTokens, visualTokens), laidOut.Slice(head * layout.Grid.Cells, layout.Grid.Cells));
                }
            }
        }
    }
}
