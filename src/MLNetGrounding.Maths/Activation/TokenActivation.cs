using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Activation;

/// <summary>
/// Maps of where visual tokens would say a token of the text, one token after the other, each freed of what the tokens before it have in
/// common with it (Li et al., "Token Activation Map to Visually Explain Multimodal LLMs", ICCV 2025).
/// </summary>
/// <remarks>
/// A token's raw map is ReLU of its logit at every visual token. Its interference is the mean of the raw maps of the earlier tokens of
/// another word, each weighted by ReLU of the logit of this token at that token's place; the multiple of it that is nearest to the raw map
/// in squares is taken away. Image and text are then scaled together to 0..1.
/// </remarks>
/// <param name="cells">Cells of each map.</param>
internal sealed class TokenActivation(int cells)
{
    // Of the released code: it keeps weights finite where all are 0.
    private const double Least = 1e-8;

    private readonly List<(float[] Raw, int Word)> _earlier = [];

    /// <summary>Takes the next token of the text.</summary>
    /// <param name="visual">Logits of the token at every visual token, <c>[cells]</c>.</param>
    /// <param name="text">Logits of the token at the places of the text, in the order of the tokens; at least as many as came
    /// before.</param>
    /// <param name="word">What says whether two tokens are the same: maps of the same word do not interfere.</param>
    /// <returns>The map without its interference, <c>[cells]</c>, at least 0.</returns>
    public double[] Next(ReadOnlySpan<float> visual, ReadOnlySpan<float> text, int word)
    {
        Numbers.ThrowIfLengthIsNot(cells, visual.Length, "[cells]", nameof(visual));
        if (text.Length < _earlier.Count)
        {
            throw new ArgumentException(
                $"There are {text.Length} logits of the text for {_earlier.Count} tokens before this one.",
                nameof(text)
            );
        }
        float[] raw = Raw(visual);
        double[] interference = Interference(text, word);
        _earlier.Add((raw, word));
        (double product, double square) = (0.0, 0.0);
        for (int cell = 0; cell < cells; cell++)
        {
            product += raw[cell] * interference[cell];
            square += interference[cell] * interference[cell];
        }
        double scale = square > 0 ? product / square : 0;
        double[] map = new double[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            map[cell] = Math.Max(0, raw[cell] - scale * interference[cell]);
        }
        return map;
    }

    /// <summary>ReLU of the logits.</summary>
    public static float[] Raw(ReadOnlySpan<float> logits)
    {
        float[] raw = new float[logits.Length];
        for (int cell = 0; cell < raw.Length; cell++)
        {
            raw[cell] = Math.Max(0, logits[cell]);
        }
        return raw;
    }

    /// <summary>Scales a map, together with ReLU of the text's logits, to 0..1; where all are equal, to 0.</summary>
    /// <param name="map">What <see cref="Next"/> returned.</param>
    /// <param name="text">Logits of the token at the places of the text that count in the scale.</param>
    /// <param name="scaled">Receives the map, <c>[cells]</c>.</param>
    public static void Scale(ReadOnlySpan<double> map, ReadOnlySpan<float> text, Span<float> scaled)
    {
        Numbers.ThrowIfLengthIsNot(map.Length, scaled.Length, "[cells]", nameof(scaled));
        (double minimum, double maximum) = (double.PositiveInfinity, 0.0);
        foreach (double value in map)
        {
            (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
        }
        foreach (float logit in text)
        {
            (minimum, maximum) = (Math.Min(minimum, Math.Max(0, logit)), Math.Max(maximum, logit));
        }
        for (int cell = 0; cell < map.Length; cell++)
        {
            scaled[cell] = maximum > minimum ? (float)((map[cell] - minimum) / (maximum - minimum)) : 0;
        }
    }

    private double[] Interference(ReadOnlySpan<float> text, int word)
    {
        (double[]? sums, double weights) = (new double[cells], Least);
        for (int token = 0; token < _earlier.Count; token++)
        {
            (float[]? raw, int other) = _earlier[token];
            double weight = other == word ? 0 : Math.Max(0, text[token]);
            weights += weight;
            for (int cell = 0; weight > 0 && cell < cells; cell++)
            {
                sums[cell] += weight * raw[cell];
            }
        }
        for (int cell = 0; cell < cells; cell++)
        {
            sums[cell] /= weights;
        }
        return sums;
    }
}
