using MLNetGrounding.Maths.Scoring.Baselines;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class BaselineTests
{
    private const int Grid = 8;
    private static readonly double[] Thresholds = [0.05, 0.5];
    private static readonly double[] Areas = [0.1];
    private static readonly BaselineRow Row = new(1, "bird", double.NaN);

    [TestMethod]
    public void TheBoxIsMeasuredToThePixelAndCutAtTheFrame()
    {
        AnnotatedImage image = Image([50, 30], [-20, 10, 60, 40]);
        float[] scores = Score(new BoxBaseline(), image);
        // 40 x 40 of 100 x 80 pixels are in the frame; the point lies right of it.
        AssertRegion(scores, 0, 0.2);
        AssertRegion(Score(new BoxBaseline(), Image([39, 30], [-20, 10, 60, 40])), 1, 0.2);
        Assert.IsTrue(Score(new BoxBaseline(), Image([39, 30], [])).All(float.IsNaN));
    }

    [TestMethod]
    public void TheWholeImageHitsAllButWhatACropRemoved()
    {
        AssertRegion(Score(new WholeImageBaseline(), Image([50, 30], [])), 1, 1);
        AssertRegion(Score(new WholeImageBaseline(), Image([2, 30], [], ImageFit.Crop)), 0, 1);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(0.05)]
    public void ChanceScoresOneForOnePointAndMoreForSeveral(double? share)
    {
        AnnotatedImage image = Image([50, 30, 90, 70, 5, 5], [], points: 3);
        double area = share ?? 1.0 / Grid / Grid * 100 / 80;
        float[] one = Score(new ChanceBaseline(share, onePoint: true, 400_000), image);
        float[] any = Score(new ChanceBaseline(share, onePoint: false, 400_000), image);
        AssertRegion(one, area, area, 5 * Math.Sqrt(area / 400_000));
        AssertRegion(any, 3 * area, area, 5 * Math.Sqrt(3 * area / 400_000));
        Assert.AreEqual(1, one[MapScorer.RegionAt(0).Mpir], 0.07);
    }

    [TestMethod]
    public void OneCellOfARectangleIsItsShareOfTheFrame()
    {
        // 5 x 8 cells of 16 pixels on a canvas of 128 x 80, of which the image takes 100 columns.
        var geometry = ImageGeometry.Create(ImageFit.Pad, 100, 80, 112, 70, new MapGrid(5, 8), 14, 14);
        var image = new AnnotatedImage(
            geometry,
            [50, 30],
            [1],
            [
                [0],
            ],
            [],
            null
        );
        float[] scores = Score(new ChanceBaseline(null, onePoint: true, 400_000), image);
        AssertRegion(scores, 16 * 16 / 8000.0, 16 * 16 / 8000.0, 5 * Math.Sqrt(0.032 / 400_000));
    }

    [TestMethod]
    public void RandomInTheBoxHitsAsTheAreasShareOfTheBox()
    {
        AnnotatedImage image = Image([30, 30], [20, 10, 50, 40]);
        BaselineRow row = Row with { ReferenceArea = 0.05 };
        // The box is a quarter of the frame, the region a fifth of the box.
        AssertRegion(Score(new RandomInBoxBaseline("it", 100_000), image, row), 0.2, 0.05, 0.008);
        AssertRegion(Score(new RandomInBoxBaseline("it", 1000), image, row with { ReferenceArea = 0.7 }), 1, 0.25);
        Assert.IsTrue(Score(new RandomInBoxBaseline("it", 1000), image).All(float.IsNaN));
    }

    [TestMethod]
    public void TheCenterGaussianPeaksInTheMiddle()
    {
        float[] middle = Score(new CenterGaussianBaseline(new MapGrid(Grid, Grid)), Image([49, 39], []));
        float[] corner = Score(new CenterGaussianBaseline(new MapGrid(Grid, Grid)), Image([1, 1], []));
        Assert.AreEqual(1, middle[MapScorer.FixedAreaAt(0, 2).Hit]);
        Assert.AreEqual(0, corner[MapScorer.FixedAreaAt(0, 2).Hit]);
        Assert.IsGreaterThan(0.95f, middle[MapScorer.Rank]);
        Assert.IsLessThan(0.1f, corner[MapScorer.Rank]);
    }

    [TestMethod]
    public void PartPositionsAreMeansInTheBoxAndPointThere()
    {
        var sums = new PartPositionSums();
        sums.Add([0, 0, 100, 50], [80, 10, 60, 20], [1, 1], [0, 1]);
        sums.Add([10, 10, 10, 10], [20, 20, 0, 0], [1, 0], [0, 1]);
        sums.Add([10, 10, 0, 10], [20, 20, 0, 0], [1, 0], [0, 1]);
        PartPosition position = sums.Learn("beak");
        Assert.AreEqual(3, position.Count);
        Assert.AreEqual((0.8 + 0.6 + 1) / 3, position.X, 1e-12);
        Assert.AreEqual((0.2 + 0.4 + 1) / 3, position.Y, 1e-12);
        Assert.AreEqual(Math.Sqrt((0.64 + 0.36 + 1) / 3 - 0.64), position.SpreadX, 1e-12);
        Assert.AreEqual(0, new PartPositionSums().Learn("none").Count);

        // The peak of 0.8, 0.5333 in a box from (0, 0) to (100, 80).
        float[] scores = Score(new PartPositionBaseline([position], new MapGrid(Grid, Grid)), Image([80, 43], [0, 0, 100, 80]));
        Assert.AreEqual(1, scores[MapScorer.Pointing]);
        Assert.IsTrue(
            Score(new PartPositionBaseline([position with { Count = 0 }], new MapGrid(Grid, Grid)), Image([80, 43], [0, 0, 100, 80]))
                .All(float.IsNaN)
        );
    }

    [TestMethod]
    public void DrawsDependOnTheImageAndTheSeedAlone()
    {
        AnnotatedImage image = Image([50, 30], [0, 0, 100, 80]);
        var baseline = new ChanceBaseline(0.05, onePoint: false, 1000);
        float[] first = Score(baseline, image);
        Score(baseline, image, Row with { Image = "another" });
        CollectionAssert.AreEqual(first, Score(baseline, image));
        CollectionAssert.AreNotEqual(first, Score(baseline, image, Row with { Image = "another" }));
        CollectionAssert.AreNotEqual(first, Score(baseline, image, Row with { Seed = 2 }));
    }

    private static AnnotatedImage Image(float[] keyPoints, float[] box, ImageFit fit = ImageFit.Pad, int points = 1)
    {
        float[] visible = [.. Enumerable.Repeat(1f, points)];
        return new AnnotatedImage(
            SquareGeometry.Create(fit, 100, 80, Grid * 14, Grid),
            keyPoints,
            visible,
            [
                [.. Enumerable.Range(0, points)],
            ],
            box,
            null
        );
    }

    private static float[] Score(Baseline baseline, AnnotatedImage image, BaselineRow? row = null)
    {
        float[] scores = new float[MapScorer.Columns(Thresholds, Areas).Length];
        baseline.Score(image, 0, row ?? Row, new MapScorer(image.Grid, Thresholds, Areas), scores);
        return scores;
    }

    private static void AssertRegion(float[] scores, double hitRate, double area, double tolerance = 1e-6)
    {
        for (int index = 0; index < Thresholds.Length; index++)
        {
            RegionColumns region = MapScorer.RegionAt(index);
            Assert.AreEqual(hitRate, scores[region.Hit], tolerance);
            Assert.AreEqual(area, scores[region.Area], 1e-6);
            Assert.AreEqual(scores[region.Hit] / area, scores[region.Mpir], 1e-3);
            Assert.IsTrue(float.IsNaN(scores[region.Overlap]));
        }
        Assert.IsTrue(float.IsNaN(scores[MapScorer.Rank]));
    }
}
