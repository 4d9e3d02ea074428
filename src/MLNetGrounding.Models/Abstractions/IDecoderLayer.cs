using static TorchSharp.torch;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>One decoder layer, cut where the attention is: what attends to what is the caller's business.</summary>
internal interface IDecoderLayer
{
    /// <summary>The normed hidden states that <see cref="QueryKey"/> and <see cref="Value"/> read.</summary>
    Tensor Normalize(Tensor hidden);

    /// <summary>Rotated queries <c>[batch, heads, tokens, headSize]</c> and keys <c>[batch, keyValueHeads, tokens, headSize]</c>.</summary>
    (Tensor Query, Tensor Key) QueryKey(Tensor normed, IRotation rotation);

    /// <summary>Values <c>[batch, keyValueHeads, tokens, headSize]</c>.</summary>
    Tensor Value(Tensor normed);

    /// <summary>The layer's output: residual, attention output <c>[batch, heads, tokens, headSize]</c>, feed-forward.</summary>
    Tensor Complete(Tensor hidden, Tensor attended);
}
