namespace MLNetGrounding;

/// <summary>
/// VL-SAM's remedy for attention that collapses onto the first tokens, because under a causal mask every token can look at them
/// (arXiv 2410.05963, section 3.2): the column of token j, from 0, of n is multiplied by (j + 1) / n.
/// </summary>
public enum CausalRegularizer
{
    /// <summary>Nothing is done. The default of a flow.</summary>
    None,

    /// <summary>The flow is multiplied after every layer: VL-SAM's "regularized attention flow".</summary>
    EveryStep,

    /// <summary>The matrix of every layer is multiplied.</summary>
    EveryMatrix,

    /// <summary>The flow is multiplied once, at the end.</summary>
    Final,
}
