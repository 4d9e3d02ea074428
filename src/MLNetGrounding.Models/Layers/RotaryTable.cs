using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>Cosines and sines of the rotary position embedding for the positions of one sequence.</summary>
/// <remarks>Frequencies θ^(-2i/d); the first half of a head is rotated against the second, as in Hugging Face's layout.</remarks>
internal sealed class RotaryTable
{
    private readonly Tensor _cosine;
    private readonly Tensor _sine;
    private readonly long _half;

    public RotaryTable(IReadOnlyList<int> positions, LlavaConfiguration configuration, ScalarType type, Device device)
    {
        _half = configuration.TextHeadSize / 2;
        Tensor exponents = tensor(Enumerable.Range(0, (int)_half).Select(pair => 2f * pair / configuration.TextHeadSize).ToArray());
        Tensor frequencies = pow(tensor((float)configuration.RopeTheta), exponents).reciprocal();
        Tensor angles = outer(tensor(positions.Select(position => (float)position).ToArray()), frequencies);
        _cosine = angles.cos().to(type).to(device);
        _sine = angles.sin().to(type).to(device);
    }

    /// <summary>Rotates <c>[batch, heads, positions, headSize]</c>.</summary>
    public Tensor Rotate(Tensor input)
    {
        Tensor first = input.narrow(-1, 0, _half);
        Tensor second = input.narrow(-1, _half, _half);
        return cat([first * _cosine - second * _sine, (second * _cosine).Plus(first * _sine)], -1);
    }
}
