using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Root-mean-square norm, computed in float32 whatever the type of the hidden states.</summary>
internal sealed class RmsNorm(Tensor weight, double epsilon)
{
    // Fields, because a temporary could be collected during the native call: see Sums.
    private static readonly Scalar Two = 2;
    private readonly Scalar _epsilon = epsilon;

    public Tensor Apply(Tensor input)
    {
        Tensor wide = input.to(ScalarType.Float32);
        Tensor scale = rsqrt(wide.pow(Two).mean([-1], keepdim: true).Plus(_epsilon));
        return (wide * scale).to(input.dtype) * weight;
    }
}
