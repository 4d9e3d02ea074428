using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>Two linear layers from the vision tower's width to the language model's.</summary>
internal sealed class Projector(ITensorSource source, LlavaSettings settings)
{
    private readonly LinearWeights _first = LinearWeights.Take(
        source,
        LlavaTensorNames.Projector + "linear_1",
        settings.Vision.Width * settings.FeatureStates.Count,
        settings.Text.Width,
        settings.ProjectorBias
    );

    private readonly LinearWeights _second = LinearWeights.Take(
        source,
        LlavaTensorNames.Projector + "linear_2",
        settings.Text.Width,
        settings.Text.Width,
        settings.ProjectorBias
    );

    public Tensor Forward(Tensor features) => _second.Apply(settings.ProjectorActivation.Apply(_first.Apply(features)));
}
