using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>A linear layer: weight <c>[out, in]</c> and, where the architecture has one, bias <c>[out]</c>.</summary>
internal sealed record LinearWeights(Tensor Weight, Tensor? Bias)
{
    public static LinearWeights Take(ITensorSource source, string name, long inputs, long outputs, bool bias) =>
        new(source.Take(name + ".weight", outputs, inputs), bias ? source.Take(name + ".bias", outputs) : null);

    public Tensor Apply(Tensor input) => nn.functional.linear(input, Weight, Bias);
}
