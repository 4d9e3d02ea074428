namespace MLNetGrounding;

/// <summary>Order of the rollout's factors.</summary>
public enum RolloutOrder
{
    /// <summary>
    /// (I + A(L)) ... (I + A(1)): a row reads the top layer first. The default, as in attention rollout (Abnar and Zuidema, 2020).
    /// </summary>
    TopDown,

    /// <summary>(I + A(1)) ... (I + A(L)): equation 2 of the paper, read from left to right.</summary>
    BottomUp,
}
