using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Amplifies attention inside the model: the scores that the tokens of the fine queries give to the visual tokens under the coarse mask are
/// raised before the softmax, from some layer on ("Can Large Vision Language Models Ground Fine-Grained Attribute?", abstract and section
/// 5: "modifying visual token attention scores directly within LLM layers to assess their impact on token generation and trait
/// localization").
/// </summary>
/// <remarks>
/// The paper gives no formula. Chosen here: one number is added to the scores of every head where the coarse word's mask, scaled to 0..1,
/// reaches a threshold. The mask comes from a pass of its own through the whole model with the coarse query alone, so that a capture takes
/// about twice as long. The image's own tokens, the coarse query and queries of other roles are left alone.
/// </remarks>
public sealed record AttentionAmplification
{
    /// <summary>
    /// What is added to the scores: attention weights are multiplied by e to this power before they are normalized. 0 changes nothing, to
    /// the last bit; negative numbers dampen. Default 1.
    /// </summary>
    public double Bias { get; init; } = 1;

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

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    /// <exception cref="ArgumentException">The rollout is of a form that needs no flow.</exception>
    internal void Validate()
    {
        if (!float.IsFinite((float)Bias))
        {
            throw new ArgumentOutOfRangeException(nameof(Bias), Bias, $"{nameof(Bias)} must be a number that float32 holds.");
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
