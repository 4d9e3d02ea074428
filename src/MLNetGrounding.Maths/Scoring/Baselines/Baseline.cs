namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>Something that predicts a part's place without looking at the image, for methods to be compared with.</summary>
internal abstract class Baseline
{
    /// <summary>The name in tables and files.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence for reports.</summary>
    public abstract string Description { get; }

    /// <summary>Scores the baseline.</summary>
    /// <param name="image">What is annotated.</param>
    /// <param name="query">The query; one of its key points is visible.</param>
    /// <param name="row">What else is known of the row.</param>
    /// <param name="scorer">The scorer.</param>
    /// <param name="scores">Receives the scores in the order of <see cref="MapScorer.Columns"/>; NaN throughout: not scored.</param>
    public abstract void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores);
}
