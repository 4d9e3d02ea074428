namespace MLNetGrounding;

/// <summary>
/// Specifies where the colors of a sample dataset's birds come from.
/// </summary>
public enum SampleColoring
{
    /// <summary>
    /// Every bird belongs to an invented species, which fixes its colors and its form.
    /// </summary>
    Species,

    /// <summary>
    /// Every part's color and every bird's form are drawn independently; all birds share one class.
    /// </summary>
    Independent,
}
