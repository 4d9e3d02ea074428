namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>The object's annotated box as the region, to the pixel.</summary>
internal sealed class BoxBaseline : Baseline
{
    public override string Name => "GroundTruthBox";

    public override string Description => "the annotated bounding box of the whole object as the region, for every part";

    public override void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores)
    {
        scores.Fill(float.NaN);
        if (image.Box is not { } box)
        {
            return;
        }
        bool hit = false;
        foreach (VisibleKeyPoint point in image.Points(query))
        {
            hit |= box.Contains(point.X, point.Y);
        }
        scorer.ScoreRegion(hit ? 1 : 0, box.Area / image.View.Area, scores);
    }
}
