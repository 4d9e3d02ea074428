namespace MLNetGrounding;

/// <summary>Colours for values between 0 and 1. All are perceptually uniform: equal steps of the value look equally large.</summary>
public enum ColourMap
{
    /// <summary>Black over purple and orange to pale yellow. The default: stands out from most photographs.</summary>
    Magma,

    /// <summary>Black over red and orange to bright yellow.</summary>
    Inferno,

    /// <summary>Purple over green to yellow.</summary>
    Viridis,
}
