namespace MLNetGrounding;

/// <summary>How the layers' matrices S(1) to S(L) are joined to one flow F.</summary>
public enum TokenFlowForm
{
    /// <summary>
    /// F = (I + S(L))/2 ... (I + S(1))/2: attention rollout (Abnar and Zuidema, 2020, section 3). Where the heads count equally, the rows
    /// of S sum to 1, so that this is also I + S with its rows normalized. The default.
    /// </summary>
    Halved,

    /// <summary>F = (I + S(L)) ... (I + S(1)), not normalized.</summary>
    Sum,

    /// <summary>F(l) = (I + S(l)) (I + F(l-1)) from F(0) = 0: VL-SAM's attention flow (arXiv 2410.05963, equation 3).</summary>
    Accumulated,

    /// <summary>
    /// F = S(L) ... S(1): what attention alone hands on, without the residual. Rollout as some tools show it beside the other.
    /// </summary>
    Product,
}
