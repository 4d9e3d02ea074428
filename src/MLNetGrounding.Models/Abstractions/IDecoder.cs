using static TorchSharp.torch;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>A causal language model, cut where its attention is.</summary>
internal interface IDecoder
{
    /// <summary>The layers in order.</summary>
    IReadOnlyList<IDecoderLayer> Layers { get; }

    /// <summary>Number of axes of a token's position.</summary>
    int PositionAxes { get; }

    /// <summary>Factor of query-key products.</summary>
    double AttentionScale { get; }

    /// <summary>Number of key/value heads; several query heads share one where they are fewer.</summary>
    int KeyValueHeads { get; }

    /// <summary>Token ids <c>[batch, tokens]</c> to embeddings <c>[batch, tokens, width]</c>.</summary>
    Tensor Embed(Tensor ids);

    /// <summary>What rotates queries and keys at given positions.</summary>
    /// <param name="positions">Per axis, one position a token.</param>
    /// <param name="type">The type of hidden states.</param>
    /// <param name="device">Where they are.</param>
    IRotation Rotation(IReadOnlyList<int[]> positions, ScalarType type, Device device);

    /// <summary>Hidden states <c>[..., width]</c> to logits <c>[..., vocabulary]</c>.</summary>
    Tensor Logits(Tensor hidden);

    /// <summary>The logits of some tokens alone, <c>[..., tokens]</c>.</summary>
    /// <param name="hidden">Hidden states <c>[..., width]</c>.</param>
    /// <param name="ids">The tokens, <c>[tokens]</c>.</param>
    Tensor Logits(Tensor hidden, Tensor ids);
}
