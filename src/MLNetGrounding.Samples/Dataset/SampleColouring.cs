namespace MLNetGrounding.Samples;

/// <summary>
/// Specifies where the colours of a sample dataset's birds come from.
/// </summary>
public enum SampleColouring
{
    /// <summary>
    /// Every bird belongs to an invented species, which fixes its colours and its form.
    /// </summary>
    Species,

    /// <summary>
    /// Every part's colour and every bird's form are drawn independently; all birds share one class.
    /// </summary>
    Independent,
}
