namespace MLNetGrounding;

/// <summary>What the numbers are in which a model answers where something is.</summary>
public enum BoxUnits
{
    /// <summary>Pixels of the model's input: of the image as it was resized.</summary>
    InputPixels,

    /// <summary>Thousandths of each side of the model's input, from 0 to 1000.</summary>
    Thousandths,

    /// <summary>Shares of each side of the model's input, from 0 to 1.</summary>
    Shares,
}
