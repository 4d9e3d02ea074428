namespace MLNetGrounding;

/// <summary>
/// What becomes of heads that look at no place at all: no cell of theirs exceeds the threshold of a component, though some exceed the mean.
/// A map none of whose cells does, a constant one for example, is never selected.
/// </summary>
public enum ScatteredHeads
{
    /// <summary>They come after all others. The default.</summary>
    Last,

    /// <summary>They come before all others: the released code of LocalizationHeads gives them the entropy of a perfect map, 0.</summary>
    First,

    /// <summary>They are never selected.</summary>
    Never,
}
