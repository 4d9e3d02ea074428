namespace MLNetGrounding;

/// <summary>What a layer contributes of which no head is kept.</summary>
public enum EmptyLayer
{
    /// <summary>Nothing: a zero map. The default.</summary>
    Zero,

    /// <summary>The mean of all its heads.</summary>
    MeanOfAllHeads,
}
