using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Rollout;

namespace MLNetGrounding;

/// <summary>
/// How attention flows from the row of a query down through the layers to the visual tokens, without any selection of heads: the
/// alternatives to the paper's head selection that join all heads of a layer into one matrix S of tokens by tokens.
/// </summary>
/// <remarks>
/// Only one row of the flow is wanted, so a row is sent from the top layer down instead of multiplying matrices; and only tokens between
/// the first visual one and the query's are visited, because no earlier token ever looks at a visual one.
/// </remarks>
public sealed record TokenFlowOptions
{
    /// <summary>What each head counts in S. Default <see cref="HeadWeighting.Equal"/>.</summary>
    public HeadWeighting Heads { get; init; } = HeadWeighting.Equal;

    /// <summary>What the layers' matrices are joined to. Default <see cref="TokenFlowForm.Halved"/>.</summary>
    public TokenFlowForm Form { get; init; } = TokenFlowForm.Halved;

    /// <summary>What is done against the causal mask's preference for early tokens. Default <see cref="CausalRegularizer.None"/>.</summary>
    public CausalRegularizer Regularizer { get; init; } = CausalRegularizer.None;

    /// <summary>
    /// How deep the first layer that takes part lies, as a share of the layers between 0 and 1, rounded down to a layer; so that one
    /// setting fits models of any depth. 1 is the last layer. Default 0: all layers.
    /// </summary>
    public double FirstLayerDepth { get; init; }

    /// <summary>The first layer, from 0, of a model with <paramref name="layers"/> layers.</summary>
    internal int FirstLayer(int layers) => LayerDepth.Of(FirstLayerDepth, layers);

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        OptionChecks.Defined(Heads, nameof(Heads));
        OptionChecks.Defined(Form, nameof(Form));
        OptionChecks.Defined(Regularizer, nameof(Regularizer));
        OptionChecks.Share(FirstLayerDepth, nameof(FirstLayerDepth));
    }
}
