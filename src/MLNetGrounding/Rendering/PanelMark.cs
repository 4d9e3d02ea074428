namespace MLNetGrounding.Rendering;

/// <summary>How a panel of a <see cref="ContactSheet"/> stands out.</summary>
internal enum PanelMark
{
    /// <summary>As all others.</summary>
    None,

    /// <summary>Framed: it was chosen.</summary>
    Kept,

    /// <summary>Faded: it was left out.</summary>
    Dropped,
}
