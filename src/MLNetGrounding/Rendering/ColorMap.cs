namespace MLNetGrounding;

/// <summary>Colors for values between 0 and 1. All are perceptually uniform: equal steps of the value look equally large.</summary>
public enum ColorMap
{
    /// <summary>
    /// Blue over purple and orange to bright yellow. The default: stands out from most photographs, from the lowest value on.
    /// </summary>
    Plasma,

    /// <summary>Black over purple and orange to pale yellow.</summary>
    Magma,

    /// <summary>Purple over green to yellow.</summary>
    Viridis,
}
