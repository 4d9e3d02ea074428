using MLNetGrounding.Models.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>A layer norm: weight and bias <c>[width]</c>.</summary>
internal sealed record LayerNormWeights(Tensor Weight, Tensor Bias)
{
    public static LayerNormWeights Take(ITensorSource source, string name, long width) =>
        new(source.Take(name + ".weight", width), source.Take(name + ".bias", width));

    public Tensor Apply(Tensor input, double epsilon) => nn.functional.layer_norm(input, [Weight.shape[0]], Weight, Bias, epsilon);
}
