namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>A baseline that draws a map, which is scored as a method's is.</summary>
/// <param name="grid">The cells of the maps.</param>
internal abstract class MapBaseline(MapGrid grid) : Baseline
{
    private readonly float[] _map = new float[grid.Cells];

    public sealed override void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores)
    {
        if (TryDraw(image, query, row, _map))
        {
            scorer.ScoreMap(_map, image, query, scores);
        }
        else
        {
            scores.Fill(float.NaN);
        }
    }

    /// <summary>Draws the map.</summary>
    /// <param name="image">What is annotated.</param>
    /// <param name="query">The query.</param>
    /// <param name="row">What else is known of the row.</param>
    /// <param name="map">Receives the map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <returns>Whether there is one.</returns>
    public abstract bool TryDraw(AnnotatedImage image, int query, in BaselineRow row, Span<float> map);
}
