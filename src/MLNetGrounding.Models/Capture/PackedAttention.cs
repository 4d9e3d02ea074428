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
    private readonly AmplifiedTokens? _amplified;
    private readonly Tensor[] _masks;
    private readonly Tensor[] _raised;

    public PackedAttention(PackedSequence sequence, int heads, ScalarType type, Device device, AmplifiedTokens? amplified = null)
    {
        _sequence = sequence;
        _heads = heads;
        _amplified = amplified;
        _masks = [.. sequence.Chunks.Select(chunk => chunk.Mask(type, device))];
        _raised = amplified is null ? _masks : [.. sequence.Chunks.Select(chunk => chunk.Mask(type, device, amplified))];
    }

    /// <summary>The attention's output <c>[images, heads, tokens, headSize]</c>; no weights are kept.</summary>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value)
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
                    Mask(layer, index)
                )
            );
        }

        return cat(parts, 2);

        Tensor Causal(Tensor packed) => packed.narrow(2, 0, _sequence.CausalLength);
    }

    /// <summary>What is added to a chunk's scores, <c>[tokens, keys]</c> or, where heads differ, <c>[1, heads, tokens, keys]</c>.</summary>
    private Tensor Mask(int layer, int chunk)
    {
        Tensor mask = _amplified?.Choose(layer, _masks[chunk], _raised[chunk]) ?? _masks[chunk];
        return mask.dim() == 3 ? mask.unsqueeze(0) : mask;
    }
}
