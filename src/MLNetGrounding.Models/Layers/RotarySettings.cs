using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>The rotary position embedding of a decoder.</summary>
internal sealed record RotarySettings
{
    /// <summary>The base θ of the frequencies θ^(-2i/d).</summary>
    public required double Theta { get; init; }

    /// <summary>How low frequencies are scaled, or <see langword="null"/>.</summary>
    public RotaryScaling? Scaling { get; init; }

    /// <summary>
    /// For each pair of a head's elements the axis of the position that turns it; <see langword="null"/> where positions have one axis.
    /// </summary>
    public IReadOnlyList<int>? AxisOfPair { get; init; }

    /// <summary>Number of axes of a position.</summary>
    public int Axes => AxisOfPair is null ? 1 : AxisOfPair.Max() + 1;

    /// <summary>The frequencies of a head, <c>[headSize / 2]</c> in float32.</summary>
    public Tensor Frequencies(int headSize)
    {
        Tensor exponents = tensor(Enumerable.Range(0, headSize / 2).Select(pair => 2f * pair / headSize).ToArray());
        Tensor frequencies = pow(tensor((float)Theta), exponents).reciprocal();
        return Scaling is null ? frequencies : Scaled(frequencies, Scaling);
    }

    /// <summary>Whether two records describe the same embedding, lists by their elements.</summary>
    public bool Equals(RotarySettings? other) =>
        other is not null
        && Theta.Equals(other.Theta)
        && Equals(Scaling, other.Scaling)
        && (AxisOfPair is null ? other.AxisOfPair is null : other.AxisOfPair is not null && AxisOfPair.SequenceEqual(other.AxisOfPair));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Theta, Scaling, AxisOfPair?.Count);

    private static Tensor Scaled(Tensor frequencies, RotaryScaling scaling)
    {
        float[] values = frequencies.ToFloats();
        float low = (float)(scaling.OriginalContext / scaling.LowFrequencyFactor);
        float high = (float)(scaling.OriginalContext / scaling.HighFrequencyFactor);
        for (int pair = 0; pair < values.Length; pair++)
        {
            float wave = 2 * MathF.PI / values[pair];
            float divided = values[pair] / (float)scaling.Factor;
            if (wave > low)
            {
                values[pair] = divided;
            }
            else if (wave >= high)
            {
                float smooth =
                    ((scaling.OriginalContext / wave) - (float)scaling.LowFrequencyFactor)
                    / (float)(scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
                values[pair] = ((1 - smooth) * divided) + (smooth * values[pair]);
            }
        }

        return tensor(values);
    }
}
