namespace MLNetGrounding.Models.Layers;

/// <summary>Slows the low frequencies of rotary positions down, as Llama 3.1 does (<c>rope_type: llama3</c>).</summary>
/// <param name="Factor">By how much the lowest frequencies are divided.</param>
/// <param name="LowFrequencyFactor">Waves longer than the original context divided by this are divided in full.</param>
/// <param name="HighFrequencyFactor">Waves shorter than the original context divided by this stay as they are; those between are divided in
/// part.</param>
/// <param name="OriginalContext">The context before scaling, in tokens.</param>
internal sealed record RotaryScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext);
