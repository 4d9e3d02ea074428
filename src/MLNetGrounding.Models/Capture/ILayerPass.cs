using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// What attends to what while tokens pass the layers of a decoder: questions behind an image, or the next tokens of answers.
/// </summary>
internal interface ILayerPass
{
    /// <summary>Attends in one layer, and looks at it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="tensors">What the layer computed of the tokens.</param>
    /// <returns>The attention's output <c>[1, heads, tokens, headSize]</c>, or <see langword="null"/> where there are no values.</returns>
    Tensor? Attend(int layer, LayerTensors tensors);

    /// <summary>Changes a layer's output in place, where something is added to it.</summary>
    Tensor Completed(int layer, Tensor hidden) => hidden;
}
