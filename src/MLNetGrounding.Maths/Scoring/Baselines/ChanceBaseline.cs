using System.Globalization;
using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>A rectangle of given size placed at random; see <see cref="TorusChance"/>.</summary>
/// <param name="share">The rectangle's share of the frame, of the frame's shape; null: one cell of the grid.</param>
/// <param name="onePoint">Whether one visible point, drawn at random, counts instead of any.</param>
/// <param name="draws">The number of places to draw for every image and query.</param>
internal sealed class ChanceBaseline(double? share, bool onePoint, int draws) : Baseline
{
    public override string Name => (share is null ? "Chance.OneCell" : $"Chance.{Percent(share.Value)}") + (onePoint ? ".OnePoint" : "");

    public override string Description =>
        $"{(share is null ? "one cell" : $"a rectangle of {Percent(share.Value)} of the frame")} at random, the mean of {draws} torus shifts of the frame{(onePoint ? "; one visible key point is drawn, so that mPIR is 1 on average" : "; any visible key point counts")}";

    public override void Score(AnnotatedImage image, int query, in BaselineRow row, MapScorer scorer, Span<float> scores)
    {
        PixelRectangle view = image.View;
        (double width, double height) = Size(image);
        var random = SplitMix64.For(row.Seed, $"{Name}/{row.Image}/{query}");
        double hitRate = TorusChance.HitRate(view, width, height, image.Points(query), onePoint, draws, ref random);
        scorer.ScoreRegion(hitRate, width * height / view.Area, scores);
    }

    private (double Width, double Height) Size(AnnotatedImage image)
    {
        if (share is { } part)
        {
            return (Math.Sqrt(part) * image.View.Width, Math.Sqrt(part) * image.View.Height);
        }
        (double left, double top, double right, double bottom) = image.Geometry.CellToPixels(0, 0);
        return (Math.Min(right - left, image.View.Width), Math.Min(bottom - top, image.View.Height));
    }

    private static string Percent(double value) => (100 * value).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
