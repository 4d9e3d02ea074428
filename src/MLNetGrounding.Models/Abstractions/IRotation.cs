using static TorchSharp.torch;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>The rotary position embedding of one sequence.</summary>
internal interface IRotation
{
    /// <summary>Rotates <c>[batch, heads, tokens, headSize]</c>.</summary>
    Tensor Rotate(Tensor input);
}
