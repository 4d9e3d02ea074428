namespace MLNetGrounding;

/// <summary>
/// Says how well one map of one query points at what is annotated in one image: one number or several. The library's own scores are of this
/// kind; one's own stand beside them in evaluations and reports, with their intervals.
/// </summary>
/// <remarks>
/// Only queries are scored of which a key point is visible, and only maps that are finite. One instance may serve several evaluations at a
/// time, so keep nothing between calls.
/// </remarks>
public abstract class GroundingScore
{
    /// <summary>For scores.</summary>
    protected GroundingScore() { }

    /// <summary>The numbers, in the order of <see cref="Score"/>; at least one, always the same.</summary>
    public abstract IReadOnlyList<ScoreColumn> Columns { get; }

    /// <summary>
    /// All that the numbers depend on besides map and annotations, as text: settings, and a version once their meaning changes. A scores
    /// file that was begun with another text is not gone on with. Default: nothing.
    /// </summary>
    public virtual string Settings => "";

    /// <summary>Scores a map.</summary>
    /// <param name="map">The map and what is annotated.</param>
    /// <param name="scores">Receives a number for each of <see cref="Columns"/>; NaN: cannot be told, which leaves the image out of that
    /// number.</param>
    public abstract void Score(in ScoredMap map, Span<float> scores);
}
