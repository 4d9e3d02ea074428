namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>The object's annotated mask as the region, to the pixel.</summary>
internal sealed class ObjectMaskBaseline : Baseline
{
    public override string Name => "GroundTruthMask";

    public override string Description => "the annotated mask of the whole object as the region, for every part";

    public override void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores)
    {
        scores.Fill(float.NaN);
        if (image.ObjectMask is not { } mask)
        {
            return;
        }
        bool hit = false;
        foreach (VisibleKeyPoint point in image.Points(query))
        {
            hit |= mask.Contains(point.X, point.Y);
        }
        scorer.ScoreRegion(hit ? 1 : 0, mask.Share, scores);
    }
}
