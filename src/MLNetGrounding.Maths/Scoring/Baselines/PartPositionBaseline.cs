namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>A Gaussian at the part's mean position in the annotated box.</summary>
/// <param name="positions">The learned position of each query.</param>
/// <param name="grid">The cells of the maps.</param>
internal sealed class PartPositionBaseline(IReadOnlyList<PartPosition> positions, MapGrid grid) : MapBaseline(grid)
{
    /// <summary>The smallest spread: that of points that all lie at one place would have no width.</summary>
    private const double SmallestSpread = 0.01;

    public override string Name => "MeanPartPosition";

    public override string Description =>
        "a Gaussian at the mean position of the part in the annotated box, mean and standard deviation learned on the training rows";

    public override bool TryDraw(AnnotatedImage image, int query, in BaselineRow row, Span<float> map)
    {
        PartPosition position = positions[query];
        if (position.Count == 0 || image.WholeBox is not { Area: > 0 } box)
        {
            return false;
        }
        GaussianMap.Draw(
            image.Geometry,
            box.Left + position.X * box.Width,
            box.Top + position.Y * box.Height,
            Math.Max(SmallestSpread, position.SpreadX) * box.Width,
            Math.Max(SmallestSpread, position.SpreadY) * box.Height,
            map
        );
        return true;
    }
}
