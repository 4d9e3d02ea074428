using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>
/// A rectangle of the box's shape, as large as the reference method's region and no larger than the box, shifted at random over the box as
/// over a torus: what remains of a method that knows where the object is and nothing of its parts.
/// </summary>
/// <param name="reference">The reference method's name, for the description.</param>
/// <param name="draws">The number of places to draw for every image and query.</param>
internal sealed class RandomInBoxBaseline(string reference, int draws) : Baseline
{
    public override string Name => "RandomInBox";

    public override string Description =>
        $"a rectangle as large as the region of {reference}, at random within the annotated box, the mean of {draws} torus shifts of the box";

    public override void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores)
    {
        scores.Fill(float.NaN);
        if (image.Box is not { Area: > 0 } box || !(row.ReferenceArea > 0))
        {
            return;
        }
        double side = Math.Sqrt(Math.Min(1, row.ReferenceArea * image.View.Area / box.Area));
        (double width, double height) = (side * box.Width, side * box.Height);
        var random = SplitMix64.For(row.Seed, $"{Name}/{row.Image}/{query}");
        double hitRate = TorusChance.HitRate(box, width, height, image.Points(query), onePoint: false, draws, ref random);
        scorer.ScoreRegion(hitRate, width * height / image.View.Area, scores);
    }
}
