using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Takes attention away from sinks: visual tokens that much attention goes to whatever is asked, and that show by a few huge elements of
/// their hidden states (Kang et al., "See What You Are Told: Visual Attention Sink in Large Multimodal Models", arXiv 2503.03321). What is
/// taken is handed to the other visual tokens of the head in proportion to what they have.
/// </summary>
/// <remarks>
/// As in the released code (seilk/VisAttnSink), a token is a sink in a layer if the absolute value of one of a few known elements of its
/// hidden state, divided by the state's root mean square, exceeds a threshold; that code's 20 at a width of 4096 is <c>20 / sqrt(4096)</c>
/// of the largest possible value here, so that one number fits any width. It knows the elements of one model, 1415 and 2533 of LLaVA 1.5
/// 7B. Here, where they are not given, they are found: those in which the first token of the prompt is largest, which is the sink of every
/// language model that has sinks. The redistribution of that code is <see cref="Published"/>; the defaults take more: all of the sinks'
/// attention, in all heads of all layers, and leave sinks of the text alone. Chosen here: attention is redistributed in the maps, not
/// inside the model; the two differ little.
/// </remarks>
public sealed record AttentionSinkRemoval
{
    /// <summary>
    /// The elements of hidden states that tell sinks, from 0. Default <see langword="null"/>: they are found, layer by layer.
    /// </summary>
    public IReadOnlyList<int>? Dimensions { get; init; }

    /// <summary>How many elements are found where none are given, at least 1. Default 2.</summary>
    public int FoundDimensions { get; init; } = 2;

    /// <summary>
    /// What a sink exceeds: the element's absolute value over the norm of the state, between 0 and 1. Default 0.3125, which is 20 at a
    /// width of 4096: the element then holds a tenth of the state's squared norm.
    /// </summary>
    public double Threshold { get; init; } = 0.3125;

    /// <summary>The first layer, from 0, in which sinks are looked for. Default 0.</summary>
    public int FirstLayer { get; init; }

    /// <summary>The share of its attention that a sink keeps, between 0 and 1. Default 0: none.</summary>
    public double KeptShare { get; init; }

    /// <summary>
    /// A head is left as it is where sinks hold more than this share of its attention to the image, between 0 and 1. Default 1: none is.
    /// </summary>
    public double LargestSinkShare { get; init; } = 1;

    /// <summary>
    /// A head is left as it is where the image holds less than this share of its attention, between 0 and 1. Default 0: none is.
    /// </summary>
    public double LeastVisualShare { get; init; }

    /// <summary>
    /// Whether sinks among the tokens of the text, the first token among them, give as well, to the visual tokens. The rows' attention to
    /// text is captured for it. Default <see langword="false"/>.
    /// </summary>
    public bool TextSinks { get; init; }

    /// <summary>
    /// The released code's redistribution: from the third layer on, in heads where sinks hold at most half of the attention to the image
    /// and the image at least a fifth of all, every sink, of the image or the text, keeps 0.6 of what it has.
    /// </summary>
    public static AttentionSinkRemoval Published { get; } =
        new()
        {
            FirstLayer = 2,
            KeptShare = 0.6,
            LargestSinkShare = 0.5,
            LeastVisualShare = 0.2,
            TextSinks = true,
        };

    /// <summary>Hands the attention of sinks to the other cells.</summary>
    /// <param name="maps">Attention, <c>[layers, heads, cells]</c>.</param>
    /// <param name="sinks">1 for each sink, else 0, <c>[layers, cells]</c>.</param>
    /// <param name="textSinks">Attention to all sinks of the text together, <c>[layers, heads]</c>; empty unless
    /// <see cref="TextSinks"/>.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="cells">Cells of each map.</param>
    internal void Apply(Span<float> maps, ReadOnlySpan<float> sinks, ReadOnlySpan<float> textSinks, int heads, int cells)
    {
        Numbers.ThrowIfLengthIsNot(heads * sinks.Length, maps.Length, "[layers, heads, cells]", nameof(maps));
        int count = maps.Length / cells;
        Numbers.ThrowIfLengthIsNot(TextSinks ? count : 0, textSinks.Length, TextSinks ? "[layers, heads]" : "none", nameof(textSinks));
        Span<float> text = stackalloc float[1];
        ReadOnlySpan<float> isSink = [1];
        for (int head = FirstLayer * heads; head < count; head++)
        {
            text[0] = TextSinks ? textSinks[head] : 0;
            Redistribute(maps.Slice(head * cells, cells), sinks.Slice(head / heads * cells, cells), text, isSink);
        }
    }

    /// <summary>Redistributes one row of attention where its head is one that is changed.</summary>
    /// <param name="visual">Its attention to the image, <c>[cells]</c>.</param>
    /// <param name="visualSinks">1 for each sink, else 0, <c>[cells]</c>.</param>
    /// <param name="text">Its attention to tokens of the text; sinks alone suffice.</param>
    /// <param name="textSinks">1 for each sink, else 0, as many.</param>
    /// <returns>Whether the head is changed: there are sinks in the image and both shares are as wanted.</returns>
    internal bool Redistribute(Span<float> visual, ReadOnlySpan<float> visualSinks, Span<float> text, ReadOnlySpan<float> textSinks)
    {
        (double all, double kept, int sinks) = (0.0, 0.0, 0);
        for (int cell = 0; cell < visual.Length; cell++)
        {
            all += visual[cell];
            kept += visualSinks[cell] == 0 ? visual[cell] : 0;
            sinks += visualSinks[cell] == 0 ? 0 : 1;
        }
        // A map whose attention all goes to sinks has nobody to hand it to.
        if (sinks == 0 || kept == 0 || all < LeastVisualShare || all - kept > LargestSinkShare * all)
        {
            return false;
        }
        double given = 0.0;
        for (int token = 0; token < text.Length; token++)
        {
            if (textSinks[token] != 0)
            {
                given += text[token];
                text[token] = (float)(KeptShare * text[token]);
            }
        }
        double factor = (kept + (1 - KeptShare) * (all - kept + given)) / kept;
        for (int cell = 0; cell < visual.Length; cell++)
        {
            visual[cell] = (float)(visual[cell] * (visualSinks[cell] == 0 ? factor : KeptShare));
        }
        return true;
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        if (Dimensions is { Count: 0 })
        {
            throw new ArgumentOutOfRangeException(
                nameof(Dimensions),
                "none",
                $"{nameof(Dimensions)} must name at least one element, or be null to have them found."
            );
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(FoundDimensions, 1, nameof(FoundDimensions));
        OptionChecks.Share(Threshold, nameof(Threshold));
        ArgumentOutOfRangeException.ThrowIfNegative(FirstLayer, nameof(FirstLayer));
        OptionChecks.Share(KeptShare, nameof(KeptShare));
        OptionChecks.Share(LargestSinkShare, nameof(LargestSinkShare));
        OptionChecks.Share(LeastVisualShare, nameof(LeastVisualShare));
    }
}
