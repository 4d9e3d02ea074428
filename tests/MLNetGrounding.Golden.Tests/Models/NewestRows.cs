using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>
/// Keeps one query's newest row of every layer, pass by pass: that of its last prompt token and of each token of its answer.
/// </summary>
/// <param name="query">Index of the query, whose answer must not end before others'.</param>
internal sealed class NewestRows(int query) : ILayerObserver
{
    // Per pass and layer, [heads, keys].
    private readonly List<List<float[]>> _passes = [];

    /// <summary>Attention <c>[layers, heads, passes, keys]</c>; keys that came after a row are zero.</summary>
    /// <param name="keys">Number of keys.</param>
    /// <param name="heads">Number of heads.</param>
    public float[] All(int keys, int heads)
    {
        int layers = _passes[0].Count;
        float[] all = new float[layers * heads * _passes.Count * keys];
        for (int layer = 0; layer < layers; layer++)
        {
            for (int head = 0; head < heads; head++)
            {
                for (int pass = 0; pass < _passes.Count; pass++)
                {
                    float[] rows = _passes[pass][layer];
                    int length = rows.Length / heads;
                    rows.AsSpan(head * length, length).CopyTo(all.AsSpan((((layer * heads) + head) * _passes.Count + pass) * keys));
                }
            }
        }

        return all;
    }

    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model)
    {
        List<float[]> pass = [];
        _passes.Add(pass);
        return new Recorder(query, pass);
    }

    private sealed class Recorder(int query, List<float[]> pass) : ILayerRecorder
    {
        public void Observe(LayerAttention attention)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor newest = attention.Probabilities(query, firstRow: attention.SequenceLength(query) - 1);
            pass.Add(newest.contiguous().data<float>().ToArray());
        }

        public float[] Complete() => [];
    }
}
