namespace MLNetGrounding.Maths.Regions;

[TestClass]
public sealed class RegionTests
{
    [TestMethod]
    public void TheThresholdIsInclusiveOnTheMinMaxScale()
    {
        float[] map = [2, 4, 6, 3];
        bool[] region = new bool[4];
        Assert.AreEqual(2, Region.Threshold(map, 0.5, region));
        CollectionAssert.AreEqual(new[] { false, true, true, false }, region);
        Assert.AreEqual(1, Region.Threshold(map, Math.BitIncrement(0.5), region));
        Assert.AreEqual(4, Region.Threshold(map, 0, region));
        Assert.AreEqual(1, Region.Threshold(map, 1, region));
        CollectionAssert.AreEqual(new[] { false, false, true, false }, region);
    }

    [TestMethod]
    public void EveryCellIsDecidedAsScalingInDoublePrecisionDoes()
    {
        var random = new Random(1);
        for (int repetition = 0; repetition < 1_000; repetition++)
        {
            float[] map = new float[random.Next(1, 70)];
            FuzzedMaps.Fill(random, map, width: 8);
            // Methods that subtract maps have values below zero.
            for (int index = 0; index < map.Length && repetition % 3 == 0; index++)
            {
                map[index] *= random.Next(3) - 1;
            }
            (double minimum, double maximum) = ((double)map.Min(), (double)map.Max());
            double[] scaled = Array.ConvertAll(map, value => maximum > minimum ? (value - minimum) / (maximum - minimum) : double.NaN);
            // Now and then a threshold that a cell meets exactly.
            double cell = scaled[random.Next(map.Length)];
            double threshold = random.Next(2) == 0 && !double.IsNaN(cell) ? cell : random.NextDouble();
            bool[] region = new bool[map.Length];
            Assert.AreEqual(scaled.Count(value => value >= threshold), Region.Threshold(map, threshold, region));
            CollectionAssert.AreEqual(Array.ConvertAll(scaled, value => value >= threshold), region);
        }
    }

    [TestMethod]
    [Timeout(60_000)]
    public void ACutAtZeroBetweenNegativeAndPositiveValuesIsFoundAtOnce()
    {
        bool[] region = new bool[3];
        for (int repetition = 0; repetition < 1_000; repetition++)
        {
            Assert.AreEqual(2, Region.Threshold([-1, 1, 0], 0.5, region));
            CollectionAssert.AreEqual(new[] { false, true, true }, region);
            Assert.AreEqual(1, Region.Threshold([-3e38f, 3e38f, -1e-38f], Math.BitIncrement(0.5), region));
            CollectionAssert.AreEqual(new[] { false, true, false }, region);
        }
    }

    [TestMethod]
    public void AConstantMapHasNoRegion()
    {
        bool[] region = [true, true];
        Assert.AreEqual(0, Region.Threshold([0.3f, 0.3f], 0, region));
        CollectionAssert.AreEqual(new bool[2], region);
    }

    [TestMethod]
    public void NanAndThresholdsOutsideZeroToOneAreRefused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Region.Threshold([0, float.NaN], 0.5, new bool[2])).Message,
            "NaN at element 1"
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Region.Threshold([0, 1], double.NaN, new bool[2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Region.Threshold([0, 1], 1.5, new bool[2]));
        Assert.ThrowsExactly<ArgumentException>(() => Region.Threshold([0, 1], 0.5, new bool[3]));
    }
}
