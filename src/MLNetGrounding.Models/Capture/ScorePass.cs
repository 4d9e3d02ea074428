using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>The pass of several images with the same questions at a time, of which nothing is captured.</summary>
/// <param name="attention">The fused attention.</param>
/// <param name="visual">Each image's features.</param>
/// <param name="imageStart">Position of the first visual token.</param>
internal sealed class ScorePass(PackedAttention attention, IReadOnlyList<VisualFeatures> visual, int imageStart) : ILayerPass
{
    /// <inheritdoc/>
    public Tensor? Attend(int layer, LayerTensors tensors) => attention.Attend(layer, tensors.Query, tensors.Key, tensors.Value!);

    /// <inheritdoc/>
    public Tensor Completed(int layer, Tensor hidden)
    {
        for (int image = 0; image < visual.Count; image++)
        {
            visual[image].AddTo(hidden.narrow(0, image, 1), layer, imageStart);
        }

        return hidden;
    }
}
