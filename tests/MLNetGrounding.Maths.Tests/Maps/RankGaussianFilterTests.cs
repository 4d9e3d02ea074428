namespace MLNetGrounding.Maths.Maps;

[TestClass]
public sealed class RankGaussianFilterTests
{
    [TestMethod]
    public void EachCellIsTheWeightedMeanOfItsWindowInTheOrderOfSize()
    {
        var random = new Random(4);
        foreach ((int height, int width, int size) in new[] { (6, 9, 3), (5, 5, 5), (2, 7, 3), (1, 6, 3), (3, 3, 1) })
        {
            float[] map = RandomMaps.Attention(random, 1, height * width);
            float[] filtered = [.. map];
            new RankGaussianFilter { Size = size }.Apply(filtered, height, width);
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    Assert.AreEqual(Plain(map, height, width, row, column, size), filtered[row * width + column], 1e-6);
                }
            }
        }
    }

    [TestMethod]
    public void OneBrightCellGoesAndAnEdgeStays()
    {
        float[] map = [.. Enumerable.Range(0, 36).Select(cell => cell % 6 < 3 ? 1f : 0)];
        map[10] = 9;
        new RankGaussianFilter().Apply(map, 6, 6);
        Assert.IsLessThan(1.5f, map[10], "alone among zeros");
        Assert.AreEqual(1, map[18], 1e-6);
        Assert.AreEqual(0, map[23], 1e-6);
    }

    [TestMethod]
    public void AWindowOfEqualValuesKeepsItsValueButAsReleased()
    {
        float[] map = [0.1f, 0.1f, 0.1f, 0.1f];
        new RankGaussianFilter().Apply(map, 2, 2);
        CollectionAssert.AreEqual(new[] { 0.1f, 0.1f, 0.1f, 0.1f }, map);
        new RankGaussianFilter { ConstantWindowsAsReleased = true }.Apply(map, 2, 2);
        CollectionAssert.AreEqual(new float[4], map);
    }

    [TestMethod]
    public void AWindowWhoseMeanIsNotPositiveGivesZero()
    {
        float[] map = [-1, -2, 0, -3, -1, -2, 0, -1, -1];
        new RankGaussianFilter().Apply(map, 3, 3);
        CollectionAssert.AreEqual(new float[9], map);
        float[] zeros = new float[9];
        new RankGaussianFilter().Apply(zeros, 3, 3);
        CollectionAssert.AreEqual(new float[9], zeros);
    }

    [TestMethod]
    public void ValuesThatDifferByNextToNothingAreFinite()
    {
        float[] map = [1, float.BitIncrement(1), 1, 1, 1, 1, 1, 1, 1];
        new RankGaussianFilter().Apply(map, 3, 3);
        Assert.IsTrue(map.All(value => value is >= 1 and < 1.000001f));
    }

    [TestMethod]
    public void SizesOutOfTheirRangeAreRefused()
    {
        new RankGaussianFilter().Validate();
        foreach (int size in new[] { 0, -1, 2, 129 })
        {
            Assert.AreEqual(
                "Size",
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(new RankGaussianFilter { Size = size }.Validate).ParamName
            );
        }
    }

    private static double Plain(float[] map, int height, int width, int row, int column, int size)
    {
        static int Mirror(int place, int length)
        {
            while (length > 1 && (place < 0 || place >= length))
            {
                place = place < 0 ? -place : 2 * (length - 1) - place;
            }
            return length == 1 ? 0 : place;
        }

        int[] around = Enumerable.Range(-(size / 2), size).ToArray();
        double[] window =
        [
            .. (
                from down in around
                from across in around
                select (double)map[Mirror(row + down, height) * width + Mirror(column + across, width)]
            ).Order(),
        ];
        double mean = window.Average();
        double deviation = Math.Sqrt(window.Average(value => (value - mean) * (value - mean))) / mean;
        if (deviation == 0)
        {
            return mean;
        }
        double[] weights = [.. window.Select((_, rank) => Math.Exp(-Math.Pow(rank - window.Length / 2, 2) / (2 * deviation * deviation)))];
        return window.Select((value, rank) => value * weights[rank]).Sum() / weights.Sum();
    }
}
