namespace MLNetGrounding;

/// <summary>How the heads of a layer become the one flow matrix that the rollout multiplies, entry by entry.</summary>
public enum FlowHeads
{
    /// <summary>The maximum over the heads that head selection keeps for the coarse word. The default.</summary>
    KeptMaximum,

    /// <summary>The mean over the heads that head selection keeps for the coarse word.</summary>
    KeptMean,

    /// <summary>The mean over all heads, as in attention rollout (Abnar and Zuidema, 2020).</summary>
    AllMean,

    /// <summary>The maximum over all heads.</summary>
    AllMaximum,
}
