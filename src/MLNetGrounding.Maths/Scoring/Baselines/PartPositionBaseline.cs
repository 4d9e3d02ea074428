namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>A Gaussian at the part's mean position in the annotated box.</summary>
/// <param name="positions">The learned position of each query.</param>
/// <param name="grid">The cells of the maps.</param>
internal sealed class PartPositionBaseline(IReadOnlyList<PartPosition> positions, MapGrid grid) : Baseline
{
    /// <summary>The smallest spread: that of points that all lie at one place would have no width.</summary>
    private const double SmallestSpread = 0.01;

    private readonly float[] _map = new float[grid.Cells];

    public override string Name => "MeanPartPosition";

    public override string Description =>
        "a Gaussian at the mean position of the part in the annotated box, mean and standard deviation learned on the training rows";

    public override void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores)
    {
        var position = positions[query];
        if (position.Count == 0 || image.WholeBox is not { Area: > 0 } box)
        {
            scores.Fill(float.NaN);
            return;
        }
        GaussianMap.Draw(
            image.Geometry,
            box.Left + position.X * box.Width,
            box.Top + position.Y * box.Height,
            Math.Max(SmallestSpread, position.SpreadX) * box.Width,
            Math.Max(SmallestSpread, position.SpreadY) * box.Height,
            _map
        );
        scorer.ScoreMap(_map, image, query, scores);
    }
}
