using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Keeps the logits of the visual tokens, all of the vocabulary.</summary>
internal sealed class StateObserver(int imageStart, int visualTokens) : ILayerObserver, ILayerRecorder, IStateObserver
{
    public float[] Logits { get; private set; } = [];

    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => this;

    public void Observe(LayerAttention attention)
    {
        // Attention is not looked at.
    }

    public void ObservePrompt(IDecoder decoder, PackedSequence sequence, Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        Logits = decoder.Logits(hidden[0].narrow(0, imageStart, visualTokens)).ToFloats();
    }

    public void ObserveTokens(IDecoder decoder, IReadOnlyList<int> queries, Tensor hidden)
    {
        // No answers.
    }

    public float[] Complete() => [];
}
