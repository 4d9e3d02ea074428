using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>A linear layer: weight <c>[out, in]</c> and, where the architecture has one, bias <c>[out]</c>.</summary>
/// <remarks>
/// Weights may be kept in a smaller type than hidden states: they are widened piece by piece while a processor's cache holds the piece,
/// which takes a few per cent of the product's time, and no second copy of a weight ever exists.
/// </remarks>
internal sealed record LinearWeights(Tensor Weight, Tensor? Bias)
{
    // 8 MiB once widened.
    private const long WidenedElements = 1 << 21;

    public static LinearWeights Take(ITensorSource source, string name, long inputs, long outputs, bool bias) =>
        new(source.Take(name + ".weight", outputs, inputs), bias ? source.Take(name + ".bias", outputs) : null);

    public Tensor Apply(Tensor input) => Apply(input, Weight, Bias);

    /// <summary>Multiplies hidden states <c>[..., in]</c> by a weight <c>[out, in]</c> of any type.</summary>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias = null)
    {
        if (weight.dtype == input.dtype)
        {
            return nn.functional.linear(input, weight, bias);
        }

        using DisposeScope productScope = NewDisposeScope();
        long rows = Math.Max(1, WidenedElements / weight.shape[1]);
        List<Tensor> parts = [];
        for (long first = 0; first < weight.shape[0]; first += rows)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor piece = weight.narrow(0, first, Math.Min(rows, weight.shape[0] - first)).to(input.dtype);
            parts.Add(nn.functional.linear(input, piece).MoveToOuterDisposeScope());
        }

        Tensor product = parts.Count == 1 ? parts[0] : cat(parts, -1);
        return (bias is null ? product : product.PlusInPlace(bias)).MoveToOuterDisposeScope();
    }
}
