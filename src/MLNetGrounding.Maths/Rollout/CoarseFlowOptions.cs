using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// How the flow matrices of the coarse word are built. They are built while the model runs, so that these options belong to the capture and
/// not to a later head selection of the fine words.
/// </summary>
public sealed record CoarseFlowOptions
{
    /// <summary>Which heads enter a layer's flow matrix, and how. Default <see cref="FlowHeads.KeptMaximum"/>.</summary>
    public FlowHeads Heads { get; init; } = FlowHeads.KeptMaximum;

    /// <summary>
    /// Which heads count as kept for the coarse word, and what a layer without one contributes
    /// (<see cref="HeadSelectionOptions.EmptyLayer"/>). Default: all defaults.
    /// </summary>
    public HeadSelectionOptions HeadSelection { get; init; } = new();

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    /// <exception cref="ArgumentNullException"><see cref="HeadSelection"/> is null.</exception>
    internal void Validate()
    {
        OptionChecks.Defined(Heads, nameof(Heads));
        ArgumentNullException.ThrowIfNull(HeadSelection);
        HeadSelection.Validate();
    }
}
