using MLNetGrounding.Models.Abstractions;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Sees the hidden states after the last layer, before the final norm: what <see cref="IDecoder.Logits(Tensor)"/> makes logits of.
/// </summary>
/// <remarks>Tensors are valid during the call only.</remarks>
internal interface IStateObserver
{
    /// <summary>Looks at the image and the questions.</summary>
    /// <param name="decoder">Makes logits of states.</param>
    /// <param name="sequence">Which token is where.</param>
    /// <param name="hidden">Their states, <c>[1, tokens, width]</c>.</param>
    void ObservePrompt(IDecoder decoder, PackedSequence sequence, Tensor hidden);

    /// <summary>Looks at the newest token of each answer that goes on.</summary>
    /// <param name="decoder">Makes logits of states.</param>
    /// <param name="queries">The answers' queries, by index.</param>
    /// <param name="hidden">The tokens' states, <c>[1, queries, width]</c>.</param>
    void ObserveTokens(IDecoder decoder, IReadOnlyList<int> queries, Tensor hidden);
}
