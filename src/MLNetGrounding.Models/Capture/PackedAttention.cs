using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Fused attention over packed queries: prefix and coarse query as one causal sequence, the other queries' tokens chunk by chunk.
/// </summary>
internal sealed class PackedAttention
{
    private readonly PackedSequence _sequence;
    private readonly int _heads;
    private readonly Tensor[] _masks;

    public PackedAttention(PackedSequence sequence, int heads, ScalarType type, Device device, AmplifiedTokens? amplified = null)
    {
        _sequence = sequence;
        _heads = heads;
        _masks = [.. sequence.Chunks.Select(chunk => chunk.Mask(type, device, amplified))];
    }

    /// <summary>The attention's output <c>[1, heads, tokens, headSize]</c>; no weights are kept.</summary>
    public Tensor Attend(Tensor query, Tensor key, Tensor value)
    {
        key = GroupedHeads.Repeat(key, _heads);
        value = GroupedHeads.Repeat(value, _heads);
        List<Tensor> parts = [nn.functional.scaled_dot_product_attention(Causal(query), Causal(key), Causal(value), is_casual: true)];
        for (int index = 0; index < _masks.Length; index++)
        {
            PackedChunk chunk = _sequence.Chunks[index];
            Tensor WithPrefix(Tensor packed) =>
                cat([packed.narrow(2, 0, _sequence.PrefixLength), packed.narrow(2, chunk.Start, chunk.Length)], 2);
            parts.Add(
                nn.functional.scaled_dot_product_attention(
                    query.narrow(2, chunk.Start, chunk.Length),
                    WithPrefix(key),
                    WithPrefix(value),
                    _masks[index]
                )
            );
        }

        return cat(parts, 2);

        Tensor Causal(Tensor packed) => packed.narrow(2, 0, _sequence.CausalLength);
    }
}
