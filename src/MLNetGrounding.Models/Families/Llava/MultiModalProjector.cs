using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>Two linear layers with a GELU between them: from the vision tower's width to the language model's.</summary>
internal sealed class MultiModalProjector(ITensorSource source, LlavaConfiguration configuration)
{
    private readonly LinearWeights _first = LinearWeights.Take(source, "multi_modal_projector.linear_1", configuration.VisionHiddenSize, configuration.TextHiddenSize, bias: true);
    private readonly LinearWeights _second = LinearWeights.Take(source, "multi_modal_projector.linear_2", configuration.TextHiddenSize, configuration.TextHiddenSize, bias: true);

    public Tensor Forward(Tensor features) => _second.Apply(nn.functional.gelu(_first.Apply(features)));
}
