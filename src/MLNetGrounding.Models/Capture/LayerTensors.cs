using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>What one layer computes of the tokens of a pass, valid until the layer is done.</summary>
/// <param name="Hidden">What the layer reads, <c>[1, tokens, width]</c>.</param>
/// <param name="Query">Rotated queries <c>[1, heads, tokens, headSize]</c>.</param>
/// <param name="Key">Rotated keys <c>[1, keyValueHeads, tokens, headSize]</c>.</param>
/// <param name="Value">Values <c>[1, keyValueHeads, tokens, headSize]</c>, or <see langword="null"/> where the layer's output is not asked
/// for.</param>
/// <param name="Scope">Holds what is to live as long as the layer.</param>
internal sealed record LayerTensors(Tensor Hidden, Tensor Query, Tensor Key, Tensor? Value, DisposeScope Scope);
