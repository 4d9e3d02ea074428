using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>Cosines and sines of the rotary position embedding for the positions of one sequence.</summary>
/// <remarks>The first half of a head is rotated against the second, as in Hugging Face's layout.</remarks>
internal sealed class RotaryTable : IRotation
{
    private readonly Tensor _cosine;
    private readonly Tensor _sine;
    private readonly long _half;

    /// <param name="positions">Per axis, one position a token.</param>
    /// <param name="settings">The frequencies, and which axis turns which pair.</param>
    /// <param name="headSize">Width of a head.</param>
    /// <param name="type">The type of hidden states; angles are float32 whatever it is.</param>
    /// <param name="device">Where hidden states are.</param>
    public RotaryTable(IReadOnlyList<int[]> positions, RotarySettings settings, int headSize, ScalarType type, Device device)
        : this(Angles(positions, settings, headSize), type, device) { }

    /// <param name="angles">By how much each pair of a head's elements is turned, <c>[tokens, headSize / 2]</c> in float32.</param>
    /// <param name="type">The type of hidden states.</param>
    /// <param name="device">Where hidden states are.</param>
    public RotaryTable(Tensor angles, ScalarType type, Device device)
    {
        _half = angles.shape[1];
        _cosine = angles.cos().to(type).to(device);
        _sine = angles.sin().to(type).to(device);
    }

    /// <inheritdoc/>
    public Tensor Rotate(Tensor input)
    {
        Tensor first = input.narrow(-1, 0, _half);
        Tensor second = input.narrow(-1, _half, _half);
        return cat([first * _cosine - second * _sine, (second * _cosine).Plus(first * _sine)], -1);
    }

    private static Tensor Angles(IReadOnlyList<int[]> positions, RotarySettings settings, int headSize)
    {
        Tensor frequencies = settings.Frequencies(headSize);
        return settings.AxisOfPair is { } axes ? ByAxis(positions, axes) * frequencies : outer(Numbers(positions[0]), frequencies);
    }

    /// <summary>Every token's position on the axis of each pair, <c>[tokens, pairs]</c>.</summary>
    private static Tensor ByAxis(IReadOnlyList<int[]> positions, IReadOnlyList<int> axes)
    {
        int tokens = positions[0].Length;
        float[] values = new float[tokens * axes.Count];
        for (int token = 0; token < tokens; token++)
        {
            for (int pair = 0; pair < axes.Count; pair++)
            {
                values[token * axes.Count + pair] = positions[axes[pair]][token];
            }
        }

        return tensor(values, [tokens, axes.Count]);
    }

    private static Tensor Numbers(int[] positions) => tensor(Array.ConvertAll(positions, position => (float)position));
}
