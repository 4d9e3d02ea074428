using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>Root-mean-square norm, computed in float32 whatever the type of the hidden states.</summary>
internal sealed class RmsNorm(Tensor weight, double epsilon)
{
    public Tensor Apply(Tensor input)
    {
        Tensor wide = input.to(ScalarType.Float32);
        Tensor scale = rsqrt(wide.Squared().mean([-1], keepdim: true).Plus(epsilon));
        return (wide * scale).to(input.dtype) * weight;
    }
}
