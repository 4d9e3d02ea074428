using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Scoring.Baselines;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>The whole object's mask, against its definition said plainly in pixels.</summary>
[TestClass]
public sealed class ObjectPixelsTests
{
    [TestMethod]
    public void FractionsMassAndRegionAreThoseOfThePixels()
    {
        Random random = new(5);
        (int inside, int outside) = (0, 0);
        for (int repetition = 0; repetition < 200; repetition++)
        {
            ScoringScene scene = new(random);
            bool[] mask = [.. scene.Labels.Select(label => label > 0)];
            ObjectPixels pixels = new(mask, scene.Geometry);
            float[] frame = new float[scene.Grid.Cells];
            scene.Geometry.FrameFractions(frame);
            int[] cellOf =
            [
                .. Enumerable
                    .Range(0, mask.Length)
                    .Select(pixel =>
                        scene.Geometry.TryGetCell(pixel % scene.Width + 0.5, pixel / scene.Width + 0.5, out int row, out int column)
                            ? row * scene.Grid.Width + column
                            : -1
                    ),
            ];
            (int covered, int all, double mass, double total) = (0, 0, 0.0, 0.0);
            for (int cell = 0; cell < scene.Grid.Cells; cell++)
            {
                int[] held = [.. Enumerable.Range(0, mask.Length).Where(pixel => cellOf[pixel] == cell)];
                int ofObject = held.Count(pixel => mask[pixel]);
                float expected = held.Length == 0 ? 0 : frame[cell] * ofObject / held.Length;
                Assert.AreEqual(expected, pixels.Fractions[cell], 1e-6);
                (covered, all) = (covered + ofObject, all + held.Length);
                (mass, total) = (mass + expected * scene.Map[cell], total + scene.Map[cell]);
            }
            Assert.AreEqual(all == 0 ? 0 : (double)covered / all, pixels.Share, 1e-9);

            AnnotatedImage image = new(
                scene.Geometry,
                scene.KeyPoints,
                scene.Visible,
                [
                    [0, 1, 2],
                ],
                [],
                null,
                pixels
            );
            MapScorer scorer = new(scene.Grid, [0.5], []);
            float[] scores = new float[MapScorer.Columns([0.5], []).Length];
            scorer.ScoreMap(scene.Map, image, 0, scores);
            Assert.AreEqual(mass / total, scores[MapScorer.MassInObject], 1e-5);

            new ObjectMaskBaseline().Score(image, 0, new BaselineRow(1, "image", 1), scorer, scores);
            PixelRectangle view = scene.Geometry.View();
            bool hit = scene.Points.Any(point => view.Contains(point.X, point.Y) && mask[(int)point.Y * scene.Width + (int)point.X]);
            (inside, outside) = (inside + (hit ? 1 : 0), outside + (hit ? 0 : 1));
            Assert.AreEqual(hit ? 1 : 0, scores[MapScorer.RegionAt(0).Hit]);
            Assert.AreEqual(pixels.Share, scores[MapScorer.RegionAt(0).Area], 1e-6);
        }
        Assert.IsTrue(inside > 20 && outside > 20, $"{inside} hits, {outside} misses");
    }

    [TestMethod]
    public void WithoutAMaskNothingIsScored()
    {
        ScoringScene scene = new(new Random(2));
        MapScorer scorer = new(scene.Grid, [0.5], []);
        float[] scores = new float[MapScorer.Columns([0.5], []).Length];
        scorer.ScoreMap(scene.Map, scene.Annotated, 0, scores);
        Assert.IsTrue(float.IsNaN(scores[MapScorer.MassInObject]));
        new ObjectMaskBaseline().Score(scene.Annotated, 0, new BaselineRow(1, "image", 1), scorer, scores);
        Assert.IsTrue(Array.TrueForAll(scores, float.IsNaN));
    }
}
