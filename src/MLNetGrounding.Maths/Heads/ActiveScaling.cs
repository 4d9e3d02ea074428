namespace MLNetGrounding;

/// <summary>How a head's map is scaled before its cells are compared with the active threshold. x is a cell's attention.</summary>
public enum ActiveScaling
{
    /// <summary>(x - minimum) / (maximum - minimum). The default.</summary>
    MinMax,

    /// <summary>x / maximum.</summary>
    Maximum,

    /// <summary>x / sum over the cells; a threshold of 0.05 then allows at most 20 active cells.</summary>
    Sum,

    /// <summary>x itself, a probability over all tokens of the prompt.</summary>
    None,
}
