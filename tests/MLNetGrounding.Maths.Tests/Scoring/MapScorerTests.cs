using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>Every score of a map, against its definition said plainly in pixels.</summary>
[TestClass]
public sealed class MapScorerTests
{
    private static readonly double[] Thresholds = [0, 0.05, 0.5, 1];
    private static readonly double[] Areas = [0.01, 0.02, 0.05, 0.1, 0.2, 1];

    [TestMethod]
    public void EveryScoreIsThatOfItsDefinition()
    {
        var random = new Random(1);
        (int hits, int misses, int cropped) = (0, 0, 0);
        for (int repetition = 0; repetition < 300; repetition++)
        {
            var scene = new ScoringScene(random);
            float[] scores = Score(scene.Map, scene.Annotated, scene.Grid);
            int[] cells = Enumerable.Range(0, scene.Map.Length).ToArray();
            // Sorting with LINQ is stable, so ties stay in raster order.
            int[] order = [.. cells.OrderByDescending(cell => scene.Map[cell])];
            cropped += scene.Points.Count(point => !cells.Any(cell => scene.Holds(cell, point)));

            Assert.AreEqual(scene.Points.Any(point => scene.Holds(order[0], point)) ? 1 : 0, scores[MapScorer.Pointing]);
            Assert.AreEqual(PartPixelsIn(scene, order[..1]) > 0 ? 1 : 0, scores[MapScorer.PartPointing]);
            Assert.AreEqual(BestRank(scene, cells), scores[MapScorer.Rank], 1e-5);
            Assert.AreEqual(MassInBox(scene, cells), scores[MapScorer.MassInBox], 1e-5);
            for (int index = 0; index < Thresholds.Length; index++)
            {
                (double low, double high) = ((double)scene.Map.Min(), (double)scene.Map.Max());
                int[] region = [.. cells.Where(cell => (scene.Map[cell] - low) / (high - low) >= Thresholds[index])];
                bool hit = scene.Points.Any(point => region.Any(cell => scene.Holds(cell, point)));
                RegionColumns column = MapScorer.RegionAt(index);
                Assert.AreEqual(hit ? 1 : 0, scores[column.Hit]);
                Assert.AreEqual(scene.Area(region), scores[column.Area], 1e-5);
                Assert.AreEqual(hit ? 1 / scene.Area(region) : 0, scores[column.Mpir], 1e-4 * Math.Max(1, scores[column.Mpir]));
                Assert.AreEqual(Overlap(scene, region), scores[column.Overlap], 1e-6);
                (hits, misses) = (hits + (hit ? 1 : 0), misses + (hit ? 0 : 1));
            }
            for (int index = 0; index < Areas.Length; index++)
            {
                int count = Enumerable
                    .Range(0, order.Length + 1)
                    .First(length => length == order.Length || scene.Area(order[..length]) >= Areas[index] - 1e-6);
                FixedAreaColumns column = MapScorer.FixedAreaAt(index, Thresholds.Length);
                Assert.AreEqual(scene.Area(order[..count]), scores[column.Attained], 1e-5);
                Assert.AreEqual(
                    scene.Points.Any(point => order[..count].Any(cell => scene.Holds(cell, point))) ? 1 : 0,
                    scores[column.Hit]
                );
            }
        }
        Assert.IsTrue(hits > 100 && misses > 100 && cropped > 20, $"{hits} hits, {misses} misses, {cropped} points cropped away");
    }

    [TestMethod]
    public void AConstantMapPointsNowhere()
    {
        var scene = new ScoringScene(new Random(3));
        foreach (float value in (float[])[0, 0.25f, -1])
        {
            float[] map = new float[scene.Map.Length];
            Array.Fill(map, value);
            float[] scores = Score(map, scene.Annotated, scene.Grid);
            Assert.AreEqual(0, scores[MapScorer.Pointing]);
            Assert.AreEqual(0, scores[MapScorer.PartPointing]);
            foreach (int index in Enumerable.Range(0, Thresholds.Length))
            {
                CollectionAssert.AreEqual(new float[4], scores.AsSpan(MapScorer.RegionAt(index).Hit, RegionColumns.Count).ToArray());
            }
            foreach (int index in Enumerable.Range(0, Areas.Length))
            {
                CollectionAssert.AreEqual(
                    new float[2],
                    scores.AsSpan(MapScorer.FixedAreaAt(index, Thresholds.Length).Hit, FixedAreaColumns.Count).ToArray()
                );
            }
        }
    }

    [TestMethod]
    public void TheRankOfAConstantMapIsHalf()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 80, 60, 56, 4);
        var image = new AnnotatedImage(
            geometry,
            [10, 10],
            [1],
            [
                [0],
            ],
            [],
            null
        );
        float[] scores = Score(new float[16], image, geometry.Grid);
        Assert.AreEqual(0.5f, scores[MapScorer.Rank]);
        Assert.IsTrue(
            float.IsNaN(scores[MapScorer.MassInBox]) && float.IsNaN(scores[MapScorer.PartPointing]),
            "there is neither box nor mask"
        );
    }

    [TestMethod]
    public void TiesAreTakenInRasterOrder()
    {
        // 4 x 4 whole cells, two values: the first cells of the larger value come first.
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 56, 56, 56, 4);
        float[] map = [0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
        AnnotatedImage At(float x, float y) =>
            new(
                geometry,
                [x, y],
                [1],
                [
                    [0],
                ],
                [],
                null
            );
        float HitAt(float x, float y, double area)
        {
            float[] scores = new float[MapScorer.Columns([0.5], [area]).Length];
            new MapScorer(geometry.Grid, [0.5], [area]).ScoreMap(map, At(x, y), 0, scores);
            Assert.AreEqual(area, scores[MapScorer.FixedAreaAt(0, 1).Attained]);
            return scores[MapScorer.FixedAreaAt(0, 1).Hit];
        }
        Assert.AreEqual(1, Score(map, At(20, 5), geometry.Grid)[MapScorer.Pointing]);
        Assert.AreEqual(0, Score(map, At(50, 5), geometry.Grid)[MapScorer.Pointing]);
        Assert.AreEqual(1, HitAt(20, 5, 1.0 / 16));
        Assert.AreEqual(0, HitAt(50, 5, 1.0 / 16));
        Assert.AreEqual(1, HitAt(50, 5, 2.0 / 16));
        Assert.AreEqual(0, HitAt(5, 50, 3.0 / 16));
        Assert.AreEqual(1, HitAt(5, 50, 4.0 / 16));
        Assert.AreEqual(0, HitAt(5, 5, 4.0 / 16));
        Assert.AreEqual(1, HitAt(5, 5, 5.0 / 16));
    }

    [TestMethod]
    public void NaNIsRefused()
    {
        var scene = new ScoringScene(new Random(4));
        scene.Map[^1] = float.NaN;
        Assert.ThrowsExactly<ArgumentException>(() => Score(scene.Map, scene.Annotated, scene.Grid));
    }

    [TestMethod]
    public void ColumnsAreNamedAndAsManyAsScores()
    {
        string[] names = MapScorer.Columns([0.05, 0.3], [0.01]).Select(column => column.Name).ToArray();
        string[] expected =
        [
            "pointing",
            "part_pointing",
            "auc",
            "mass_in_box",
            "constant_map",
            "mass_in_object",
            "hit@0.05",
            "area@0.05",
            "mpir@0.05",
            "iou@0.05",
            "hit@0.3",
            "area@0.3",
            "mpir@0.3",
            "iou@0.3",
            "hit_at_area@0.01",
            "area_attained@0.01",
        ];
        CollectionAssert.AreEqual(expected, names);
        Assert.AreEqual("hit@0.3", names[MapScorer.RegionAt(1).Hit]);
        Assert.AreEqual("hit_at_area@0.01", names[MapScorer.FixedAreaAt(0, 2).Hit]);
    }

    [TestMethod]
    public void AFurtherScoreSeesTheMapAndWhatIsAnnotatedAndStandsLast()
    {
        var random = new Random(7);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            var scene = new ScoringScene(random);
            var probe = new Probe(scene);
            float[] scores = new float[MapScorer.Columns(Thresholds, Areas, [probe]).Length];
            new MapScorer(scene.Grid, Thresholds, Areas, [probe]).ScoreMap(scene.Map, scene.Annotated, 0, scores);
            int last = MapScorer.FurtherAt(Thresholds.Length, Areas.Length);
            Assert.AreEqual(last + 2, scores.Length);
            Assert.AreEqual(scores[MapScorer.RegionAt(2).Hit], scores[last]);
            Assert.AreEqual(scores[MapScorer.RegionAt(2).Overlap], scores[last + 1]);
            CollectionAssert.AreEqual(
                Score(scene.Map, scene.Annotated, scene.Grid),
                scores[..last],
                "the library's scores are the same without it"
            );
        }
    }

    private sealed class Probe(ScoringScene scene) : GroundingScore
    {
        public override IReadOnlyList<ScoreColumn> Columns { get; } = [new("first"), new("second")];

        public override void Score(in ScoredMap map, Span<float> scores)
        {
            Assert.IsTrue(map.Values.SequenceEqual(scene.Map));
            Assert.AreEqual(scene.Grid, map.Grid);
            Assert.AreEqual(scene.Geometry, map.Geometry);
            Assert.AreEqual(0, map.Query);
            Assert.AreEqual(scene.Points.Count(), map.KeyPoints.Length);
            Assert.AreEqual(
                ((double)scene.Box[0], (double)scene.Box[1], (double)scene.Box[0] + scene.Box[2], (double)scene.Box[1] + scene.Box[3]),
                map.BoundingBox
            );
            int[] order = [.. Enumerable.Range(0, scene.Map.Length).OrderByDescending(cell => scene.Map[cell])];
            Assert.IsTrue(map.CellsByValue.SequenceEqual(order));
            Assert.AreEqual(scene.Annotated.Parts!.Reaches(0, order[0]), map.PartReaches(order[0]));
            Assert.AreEqual(false, map.PartReaches(-1));
            bool[] region = new bool[map.Grid.Cells];
            Assert.AreEqual(map.MarkRegion(Thresholds[2], region), region.Count(cell => cell));
            Assert.AreEqual(scene.Area([.. Enumerable.Range(0, region.Length).Where(cell => region[cell])]), map.AreaOf(region), 1e-5);
            scores[0] = map.IsHit(region) ? 1 : 0;
            scores[1] = (float)map.PartOverlap(region);
            int refused = 0;
            foreach (int length in (int[])[0, region.Length + 1])
            {
                try
                {
                    map.AreaOf(new bool[length]);
                }
                catch (ArgumentException)
                {
                    refused++;
                }
            }
            Assert.AreEqual(2, refused);
        }
    }

    private static float[] Score(float[] map, AnnotatedImage image, MapGrid grid)
    {
        float[] scores = new float[MapScorer.Columns(Thresholds, Areas).Length];
        new MapScorer(grid, Thresholds, Areas).ScoreMap(map, image, 0, scores);
        return scores;
    }

    private static double BestRank(ScoringScene scene, int[] cells) =>
        scene
            .Points.Select(point => cells.Where(cell => scene.Holds(cell, point)).Select(cell => scene.Map[cell]).ToArray())
            .Max(values =>
                values.Length == 0
                    ? 0
                    : scene.Area(cells.Where(cell => scene.Map[cell] < values[0]))
                        + scene.Area(cells.Where(cell => scene.Map[cell] == values[0])) / 2
            );

    private static double MassInBox(ScoringScene scene, int[] cells)
    {
        var box = new PixelRectangle(scene.Box[0], scene.Box[1], scene.Box[0] + scene.Box[2], scene.Box[1] + scene.Box[3]);
        double Inside(int cell)
        {
            (double left, double top, double right, double bottom) = scene.Geometry.CellToPixels(
                cell / scene.Grid.Width,
                cell % scene.Grid.Width
            );
            return scene.CellInFrame(cell).Intersect(box).Area / ((right - left) * (bottom - top));
        }
        return cells.Sum(cell => scene.Map[cell] * Inside(cell)) / cells.Sum(cell => (double)scene.Map[cell]);
    }

    private static int PartPixelsIn(ScoringScene scene, int[] region) =>
        Pixels(scene).Count(pixel => scene.Labels[pixel] == 1 && InRegion(scene, pixel, region));

    private static double Overlap(ScoringScene scene, int[] region)
    {
        int union = Pixels(scene).Count(pixel => scene.Labels[pixel] == 1 || InRegion(scene, pixel, region));
        return (double)PartPixelsIn(scene, region) / union;
    }

    private static IEnumerable<int> Pixels(ScoringScene scene) => Enumerable.Range(0, scene.Labels.Length);

    private static bool InRegion(ScoringScene scene, int pixel, int[] region) =>
        scene.Geometry.TryGetCell(pixel % scene.Width + 0.5, pixel / scene.Width + 0.5, out int row, out int column)
        && region.Contains(row * scene.Grid.Width + column);
}
