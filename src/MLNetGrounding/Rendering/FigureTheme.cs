namespace MLNetGrounding;

/// <summary>What figures are drawn for.</summary>
public enum FigureTheme
{
    /// <summary>A dark page.</summary>
    Dark,

    /// <summary>A light page.</summary>
    Light,

    /// <summary>
    /// Paper, also without colors: on white, images in gray, and what tells by color elsewhere tells by lines and words.
    /// </summary>
    Print,
}
