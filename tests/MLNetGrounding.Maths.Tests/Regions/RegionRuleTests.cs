using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Regions;

[TestClass]
public sealed class RegionRuleTests
{
    private static readonly RegionRule[] Rules =
    [
        new ThresholdRegion(),
        new MeanRegion(),
        new OtsuRegion(),
        new WindowRegion { Side = 20 },
        new PointsRegion(),
    ];

    [TestMethod]
    public void NamesSayTheRuleAndItsSetting()
    {
        CollectionAssert.AreEqual(new[] { "0.05", "mean", "otsu", "window20", "points0.8" }, Rules.Select(rule => rule.Name).ToArray());
        Assert.AreEqual("window", new WindowRegion().Name);
    }

    [TestMethod]
    public void AMapThatIsTheSameEverywhereHasNoRegionAndNoBox()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 60, 40, 64, 4);
        foreach (RegionRule rule in Rules)
        {
            foreach (float value in new[] { 0, 0.1f, -3 })
            {
                float[] map = [.. Enumerable.Repeat(value, 16)];
                bool[] region = [.. Enumerable.Repeat(true, 16)];
                Assert.AreEqual(0, rule.Mark(map, geometry, region), rule.Name);
                Assert.IsFalse(region.Any(cell => cell), rule.Name);
                Assert.IsNull(rule.Box(map, geometry, region), rule.Name);
            }
        }
    }

    [TestMethod]
    public void ValuesThatAreNoNumbersAreRefused()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 60, 40, 64, 2);
        foreach (RegionRule rule in Rules)
        {
            Assert.ThrowsExactly<ArgumentException>(() => rule.Mark([0, 1, float.NaN, 2], geometry, new bool[4]), rule.Name);
            Assert.ThrowsExactly<ArgumentException>(() => rule.Mark([0, 1, 2], geometry, new bool[3]), rule.Name);
        }
    }

    [TestMethod]
    public void ARegionsCellsAndItsBoxAreWhereTheMapIsHigh()
    {
        // A blob around cell (3, 8) of 10 x 12, of an image that fills its input.
        float[] map = Blob(10, 12, 3, 8);
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 240, 100, 120, 100, new MapGrid(10, 12), 10, 10);
        foreach (RegionRule rule in Rules)
        {
            bool[] region = new bool[map.Length];
            int count = rule.Mark(map, geometry, region);
            Assert.AreEqual(region.Count(cell => cell), count, rule.Name);
            Assert.IsTrue(count is > 0 and < 80, $"{rule.Name}: {count}");
            Assert.IsTrue(region[3 * 12 + 8], rule.Name);
            PixelRectangle box = rule.Box(map, geometry, region)!.Value;
            Assert.IsTrue(box.Contains(170, 35), $"{rule.Name}: {box}");
            Assert.IsTrue(box.Left >= 0 && box.Top >= 0 && box.Right <= 240 && box.Bottom <= 100, $"{rule.Name}: {box}");
        }
    }

    [TestMethod]
    public void ABoxHoldsAllCellsAndEndsWithTheImage()
    {
        // Padded: the image is the middle half of the input's rows.
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 40, 20, 40, 4);
        float[] map = [0, 9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bool[] region = new bool[16];
        new ThresholdRegion().Mark(map, geometry, region);
        Assert.AreEqual(
            new PixelRectangle(10, 0, 20, 10),
            new ThresholdRegion().Box(map, geometry, region),
            "The first row shows padding alone."
        );
        map[13] = 9;
        map[5] = 0;
        map[1] = 0;
        new ThresholdRegion().Mark(map, geometry, region);
        Assert.IsNull(new ThresholdRegion().Box(map, geometry, region), "Only padding is in the region.");
    }

    [TestMethod]
    public void PointsAreTheCentersOfTheirCellsInTheImage()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Crop, 80, 40, 20, 4);
        float[] map = [0, 0, 0.79f, 0, 0, 1, 0, 0, 0, 0, 0, 0.8f, 0, 0, 0, 0];
        CollectionAssert.AreEqual(new[] { (35.0, 15.0), (55.0, 25.0) }, new PointsRegion().Points(map, geometry).ToArray());
        Assert.IsEmpty(new PointsRegion().Points(new float[16], geometry));
    }

    [TestMethod]
    public void OptionsOutOfRangeAreNamed()
    {
        foreach (RegionRule rule in Rules)
        {
            rule.Validate();
        }
        (string Option, RegionRule Rule)[] wrong =
        [
            ("Threshold", new ThresholdRegion { Threshold = 1.1 }),
            ("Threshold", new PointsRegion { Threshold = double.NaN }),
            ("Side", new WindowRegion { Side = 0 }),
        ];
        foreach ((string? option, RegionRule? rule) in wrong)
        {
            Assert.AreEqual(option, Assert.ThrowsExactly<ArgumentOutOfRangeException>(rule.Validate).ParamName);
        }
    }

    private static float[] Blob(int height, int width, int row, int column) =>
        [
            .. Enumerable
                .Range(0, height * width)
                .Select(cell => (float)Math.Exp(-0.5 * (Math.Pow(cell / width - row, 2) + Math.Pow(cell % width - column, 2)))),
        ];
}
