using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Rollout;

namespace MLNetGrounding;

/// <summary>
/// Amplifies attention inside the model, or masks it off: a number is added before the softmax to the scores that the tokens of the fine
/// queries and of their answers give to some visual tokens: those under the coarse mask, or in a box ("Can Large Vision Language Models
/// Ground Fine-Grained Attribute?", abstract and section 5: "modifying visual token attention scores directly within LLM layers to assess
/// their impact on token generation and trait localization").
/// </summary>
/// <remarks>
/// The paper gives no formula. Chosen here: one number for every head from some layer on, or for chosen heads, where the coarse word's
/// mask, scaled to 0..1, reaches a threshold. The mask comes from a pass of its own through the whole model with the coarse query alone, so
/// that a capture takes about twice as long; a box needs neither the pass nor a coarse query. The image's own tokens, the coarse query and
/// queries of other roles are left alone: what tokens beside the box know of it, from the image encoder and from each other, is still
/// there. <see cref="RgbImage.Hide"/> takes the pixels themselves away.
/// </remarks>
public sealed record AttentionAmplification
{
    /// <summary>
    /// What is added to the scores: attention weights are multiplied by e to this power before they are normalized. 0 changes nothing, to
    /// the last bit; negative numbers dampen; minus infinity masks off, and the attention is exactly 0. Default 1.
    /// </summary>
    public double Bias { get; init; } = 1;

    /// <summary>
    /// Where attention is amplified, in pixels of the original image: every visual token that shows a cell which the box touches; what lies
    /// beyond the image is cut off. Default <see langword="null"/>: under the coarse mask.
    /// </summary>
    public ImageBox? Box { get; init; }

    /// <summary>
    /// The heads in which attention is amplified, whatever <see cref="FirstLayerDepth"/> says. Default <see langword="null"/>: all heads
    /// of the layers from there on.
    /// </summary>
    public IReadOnlyList<AttentionHead>? Heads { get; init; }

    /// <summary>
    /// How deep the first amplified layer lies, as a share of the layers between 0 and 1, rounded down to a layer. Default 0.5.
    /// </summary>
    public double FirstLayerDepth { get; init; } = 0.5;

    /// <summary>
    /// A visual token is amplified where the mask, scaled to 0..1 between its minimum and maximum, is at least this. Default 0.25.
    /// </summary>
    public double MaskThreshold { get; init; } = 0.25;

    /// <summary>How the coarse word's flow matrices are built. Default: the paper's.</summary>
    public CoarseFlowOptions Flow { get; init; } = new();

    /// <summary>The rollout that is the mask. Default: the paper's.</summary>
    public RolloutOptions Rollout { get; init; } = new();

    /// <summary>A part hidden from attention: no token of a fine query or its answer looks at it, in any layer or head.</summary>
    /// <param name="box">The part, in pixels of the original image.</param>
    public static AttentionAmplification Hiding(ImageBox box) =>
        new()
        {
            Bias = double.NegativeInfinity,
            Box = box,
            FirstLayerDepth = 0,
        };

    /// <summary>Checks the options by themselves and against what they are applied to.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">How many layers are run; <see langword="null"/> for all.</param>
    /// <param name="hasCoarse">Whether there is a coarse query.</param>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    internal void Validate(ModelInfo model, int? layers, bool hasCoarse)
    {
        Validate();
        int run = layers ?? model.Layers;
        if (Heads is null && LayerDepth.Of(FirstLayerDepth, model.Layers) is var first && first >= run)
        {
            throw new ArgumentException(
                $"{nameof(CaptureOptions)}.{nameof(CaptureOptions.Amplification)} begins at layer {first} of the model, but {nameof(CaptureOptions.Layers)} runs only the first {run}. Run more, or set a smaller {nameof(FirstLayerDepth)}."
            );
        }

        foreach (AttentionHead head in Heads ?? [])
        {
            if (head.Layer < 0 || head.Layer >= run || head.Head < 0 || head.Head >= model.Heads)
            {
                throw new ArgumentException(
                    $"{nameof(AttentionAmplification)}.{nameof(Heads)} names head {head.Head} of layer {head.Layer}; expected heads from 0 to {model.Heads - 1} of layers from 0 to {run - 1}."
                );
            }
        }

        if (Box is null && !hasCoarse)
        {
            throw new ArgumentException(
                $"{nameof(CaptureOptions)}.{nameof(CaptureOptions.Amplification)} needs a coarse query, whose mask says where to amplify, but there is none. Add one, or set {nameof(Box)}."
            );
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    /// <exception cref="ArgumentException">The rollout is of a form that needs no flow, the box is none, or no head is named.</exception>
    internal void Validate()
    {
        if (!float.IsFinite((float)Bias) && !double.IsNegativeInfinity(Bias))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Bias),
                Bias,
                $"{nameof(Bias)} must be a number that float32 holds, or minus infinity."
            );
        }

        Box?.Validate(nameof(Box));
        if (Heads is { Count: 0 })
        {
            throw new ArgumentException(
                $"{nameof(Heads)} names no head. Name at least one, or leave it null for all of the layers.",
                nameof(Heads)
            );
        }

        OptionChecks.Share(FirstLayerDepth, nameof(FirstLayerDepth));
        OptionChecks.Share(MaskThreshold, nameof(MaskThreshold));
        Flow.Validate();
        Rollout.Validate();
        if (Rollout.Form != RolloutForm.Tokens)
        {
            throw new ArgumentException(
                $"{nameof(AttentionAmplification)} masks by {nameof(RolloutForm)}.{nameof(RolloutForm.Tokens)}, found {Rollout.Form}.",
                nameof(Rollout)
            );
        }
    }
}
