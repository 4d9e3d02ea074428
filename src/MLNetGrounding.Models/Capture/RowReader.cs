using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Reads the queried words' rows of every layer: all queries' at once, from a few rows of scores beside the fused attention.
/// </summary>
/// <remarks>Which rows they are is the same for all layers and found once.</remarks>
internal sealed class RowReader
{
    private readonly PackedSequence _sequence;
    private readonly double _scale;
    private readonly AmplifiedTokens? _amplified;
    private readonly (PackedChunk Chunk, Tensor Rows)[] _chunks;

    public RowReader(PackedSequence sequence, double scale, Device device, AmplifiedTokens? amplified = null)
    {
        _sequence = sequence;
        _scale = scale;
        _amplified = amplified;
        _chunks = [.. sequence.RowChunks.Select(chunk => (chunk, chunk.RowIndices(device)))];
    }

    /// <summary>Writes one layer's maps.</summary>
    /// <param name="query">Queries <c>[1, heads, tokens, headSize]</c> of the packed sequence.</param>
    /// <param name="key">Keys <c>[1, keyValueHeads, tokens, headSize]</c>.</param>
    /// <param name="prefixKeys">The prefix's keys in float32.</param>
    /// <param name="maps">Receives the maps.</param>
    /// <param name="layer">The layer.</param>
    public void Read(Tensor query, Tensor key, Tensor prefixKeys, MapCollector maps, int layer)
    {
        foreach ((PackedChunk chunk, Tensor indices) in _chunks)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor rows = query.index_select(2, indices).to(ScalarType.Float32).Times(_scale);
            Tensor keys = key.narrow(2, chunk.Start, chunk.Length).to(ScalarType.Float32);
            Tensor prefixScores = GroupedHeads.Scores(rows, prefixKeys).cpu().contiguous();
            Tensor ownScores = GroupedHeads.Scores(rows, keys).cpu().contiguous();
            chunk.Average(prefixScores.Floats(), ownScores.Floats(), _sequence.ImageStart, _sequence.Layout, _amplified, maps, layer);
            GC.KeepAlive(prefixScores);
            GC.KeepAlive(ownScores);
        }
    }
}
