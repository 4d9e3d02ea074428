using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Takes attention away from sinks: visual tokens that much attention goes to whatever is asked, and that show by a few huge elements of their
/// hidden states (Kang et al., "See What You Are Told: Visual Attention Sink in Large Multimodal Models", arXiv 2503.03321). A sink's
/// attention is handed to the other visual tokens of the head in proportion to what they have, so that heads keep their sums.
/// </summary>
/// <remarks>
/// As in the released code, a token is a sink in a layer if the absolute value of one of a few known elements of its hidden state, divided by
/// the state's root mean square, exceeds a threshold; that code's 20 at a width of 4096 is <c>20 / sqrt(4096)</c> of the largest possible
/// value here, so that one number fits any width. It knows the elements of each model, 1415 and 2533 for LLaVA 1.5 7B. Here, where they are
/// not given, they are found: those in which the first token of the prompt is largest, which is the sink of every language model
/// that has sinks. Chosen here: the attention is redistributed in the maps, not inside the model; all of a sink's attention is taken, not a part; and all
/// heads are treated, not the ones that look at the picture most.
/// </remarks>
public sealed record AttentionSinkRemoval
{
    /// <summary>The elements of hidden states that tell sinks, from 0. Default <see langword="null"/>: they are found, layer by layer.</summary>
    public IReadOnlyList<int>? Dimensions { get; init; }

    /// <summary>How many elements are found where none are given, at least 1. Default 2.</summary>
    public int FoundDimensions { get; init; } = 2;

    /// <summary>
    /// What a sink exceeds: the element's absolute value over the norm of the state, between 0 and 1. Default 0.3125, which is 20 at a
    /// width of 4096: the element then holds a tenth of the state's squared norm.
    /// </summary>
    public double Threshold { get; init; } = 0.3125;

    /// <summary>Hands the attention of sinks to the other cells of every head.</summary>
    /// <param name="maps">Attention, <c>[layers, heads, cells]</c>.</param>
    /// <param name="sinks">1 for each sink, else 0, <c>[layers, cells]</c>.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="cells">Cells of each map.</param>
    internal static void Apply(Span<float> maps, ReadOnlySpan<float> sinks, int heads, int cells)
    {
        Numbers.ThrowIfLengthIsNot(heads * sinks.Length, maps.Length, "[layers, heads, cells]", nameof(maps));
        for (var head = 0; head < maps.Length / cells; head++)
        {
            Remove(maps.Slice(head * cells, cells), sinks.Slice(head / heads * cells, cells));
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        if (Dimensions is { Count: 0 })
        {
            throw new ArgumentOutOfRangeException(nameof(Dimensions), "none", $"{nameof(Dimensions)} must name at least one element, or be null to have them found.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(FoundDimensions, 1, nameof(FoundDimensions));
        OptionChecks.Share(Threshold, nameof(Threshold));
    }

    /// <summary>A map whose attention all goes to sinks stays as it is.</summary>
    private static void Remove(Span<float> map, ReadOnlySpan<float> sinks)
    {
        var (all, kept) = (0.0, 0.0);
        for (var cell = 0; cell < map.Length; cell++)
        {
            all += map[cell];
            kept += sinks[cell] == 0 ? map[cell] : 0;
        }
        if (kept == 0 || kept == all)
        {
            return;
        }
        for (var cell = 0; cell < map.Length; cell++)
        {
            map[cell] = sinks[cell] == 0 ? (float)(map[cell] * all / kept) : 0;
        }
    }
}
