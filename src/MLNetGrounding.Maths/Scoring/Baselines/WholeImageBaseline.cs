namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>The whole frame as the region.</summary>
internal sealed class WholeImageBaseline : Baseline
{
    public override string Name => "WholeImage";

    public override string Description => "the whole frame as the region";

    public override void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores)
    {
        bool hit = false;
        foreach (VisibleKeyPoint point in image.Points(query))
        {
            hit |= point.Cell != VisibleKeyPoint.OutOfView;
        }
        scorer.ScoreRegion(hit ? 1 : 0, 1, scores);
    }
}
