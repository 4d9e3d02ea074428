using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Reads the queried words' rows of every layer: all queries' at once, from a few rows of scores beside the fused attention.</summary>
/// <remarks>Positions and masks are the same for all layers and made once.</remarks>
internal sealed class RowReader
{
    private readonly PackedSequence _sequence;
    private readonly LlavaConfiguration _configuration;
    private readonly (PackedChunk Chunk, Tensor Rows, Tensor Mask)[] _chunks;

    public RowReader(PackedSequence sequence, LlavaConfiguration configuration, Device device, AmplifiedTokens? amplified = null)
    {
        _sequence = sequence;
        _configuration = configuration;
        _chunks = [.. sequence.RowChunks.Select(chunk => (chunk, chunk.RowIndices(device), chunk.RowMask(device, amplified)))];
    }

    /// <summary>Writes one layer's maps.</summary>
    /// <param name="query">Queries <c>[1, heads, tokens, headSize]</c> of the packed sequence.</param>
    /// <param name="key">Keys <c>[1, keyValueHeads, tokens, headSize]</c>.</param>
    /// <param name="prefixKeys">The prefix's keys in float32.</param>
    /// <param name="maps">Receives the maps.</param>
    /// <param name="layer">The layer.</param>
    public void Read(Tensor query, Tensor key, Tensor prefixKeys, MapCollector maps, int layer)
    {
        foreach ((PackedChunk chunk, Tensor indices, Tensor mask) in _chunks)
        {
            using var scope = NewDisposeScope();
            Tensor rows = query.index_select(2, indices).to(ScalarType.Float32).Times(_configuration.AttentionScale);
            Tensor keys = key.narrow(2, chunk.Start, chunk.Length).to(ScalarType.Float32);
            Tensor scores = cat([GroupedHeads.Scores(rows, prefixKeys), GroupedHeads.Scores(rows, keys)], -1).PlusInPlace(mask);
            Tensor attention = scores.softmax(-1).cpu().contiguous();
            chunk.Average(MemoryMarshal.Cast<byte, float>(attention.bytes), _sequence.ImageStart, maps, layer);
            GC.KeepAlive(attention);
        }
    }
}
