using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>The rollout of the coarse word's attention over all layers (paper, section 3.2.1, equation 2).</summary>
public sealed record RolloutOptions
{
    /// <summary>What is multiplied. Default <see cref="RolloutForm.Tokens"/>.</summary>
    public RolloutForm Form { get; init; } = RolloutForm.Tokens;

    /// <summary>
    /// In which order; of no effect for <see cref="RolloutForm.SpatialElementwise"/>. Default <see cref="RolloutOrder.TopDown"/>.
    /// </summary>
    public RolloutOrder Order { get; init; } = RolloutOrder.TopDown;

    /// <summary>
    /// Whether every row of I + A is divided by its sum; of no effect for <see cref="RolloutForm.SpatialElementwise"/>. Default false.
    /// </summary>
    public bool RowNormalized { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        OptionChecks.Defined(Form, nameof(Form));
        OptionChecks.Defined(Order, nameof(Order));
    }
}
