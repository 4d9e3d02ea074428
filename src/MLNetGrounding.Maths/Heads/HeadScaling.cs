namespace MLNetGrounding;

/// <summary>How each kept head is scaled before the heads of a layer are aggregated. x is a cell's attention.</summary>
public enum HeadScaling
{
    /// <summary>Not at all: attention probabilities as they are. The default.</summary>
    None,

    /// <summary>(x - minimum) / (maximum - minimum).</summary>
    MinMax,

    /// <summary>x / sum over the cells.</summary>
    Sum,
}
