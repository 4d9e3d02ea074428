using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>
/// Keeps the attention of all own tokens of every query, <c>[layers, heads, tokens, keys]</c>, and of the first query's whole sequence.
/// </summary>
internal sealed class AttentionRows : ILayerObserver
{
    private readonly List<List<float>> _suffixes = [];
    private readonly List<float> _whole = [];

    /// <summary>The first query's attention, <c>[layers, heads, n, n]</c>.</summary>
    public float[] Whole => [.. _whole];

    /// <summary>The rows of a query's own tokens.</summary>
    public float[] Suffix(int query) => [.. _suffixes[query]];

    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model)
    {
        _suffixes.AddRange(prompt.Queries.Select(_ => new List<float>()));
        return new Recorder(this);
    }

    private sealed class Recorder(AttentionRows owner) : ILayerRecorder
    {
        public void Observe(LayerAttention attention)
        {
            using DisposeScope scope = NewDisposeScope();
            for (int query = 0; query < owner._suffixes.Count; query++)
            {
                owner._suffixes[query].AddRange(attention.SuffixProbabilities(query).data<float>().ToArray());
            }

            owner._whole.AddRange(attention.Probabilities(0).contiguous().data<float>().ToArray());
        }

        public float[] Complete() => [];
    }
}
