namespace MLNetGrounding.Maths.Maps;

[TestClass]
public sealed class GaussianSmoothingTests
{
    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        Assert.AreEqual(7, new GaussianSmoothing().KernelSize);
        Assert.AreEqual(1, new GaussianSmoothing().Deviation);
    }

    [TestMethod]
    public void ADeviationOfNextToNothingBlursNothing()
    {
        float[] map = [0.1f, 0.5f, 0.2f, 0.2f];
        float[] smoothed = [.. map];
        new GaussianSmoothing { Deviation = 1e-170 }.Apply(smoothed, 2, 2);
        CollectionAssert.AreEqual(map, smoothed);
    }

    [TestMethod]
    public void AMapIsConvolvedWithTheKernelAndZerosAroundIt()
    {
        const int height = 6;
        const int width = 9;
        float[] map = RandomMaps.Attention(new Random(3), 1, height * width);
        float[] smoothed = [.. map];
        GaussianSmoothing smoothing = new() { KernelSize = 5, Deviation = 1.3 };
        smoothing.Apply(smoothed, height, width);
        double Kernel(int down, int across) => Math.Exp(-(down * down + across * across) / (2 * 1.3 * 1.3));
        double total = (from down in Enumerable.Range(-2, 5) from across in Enumerable.Range(-2, 5) select Kernel(down, across)).Sum();
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                double expected = 0;
                for (int down = -2; down <= 2; down++)
                {
                    for (int across = -2; across <= 2; across++)
                    {
                        (int y, int x) = (row + down, column + across);
                        expected += y >= 0 && y < height && x >= 0 && x < width ? Kernel(down, across) / total * map[y * width + x] : 0;
                    }
                }

                Assert.AreEqual(expected, smoothed[row * width + column], 1e-6);
            }
        }
    }

    [TestMethod]
    public void AKernelOfOneCellChangesNothing()
    {
        float[] map = [1, 2, 3, 4, 5, 6];
        new GaussianSmoothing { KernelSize = 1 }.Apply(map, 2, 3);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, map);
    }

    [TestMethod]
    public void SettingsOutOfTheirRangesAreRefused()
    {
        foreach (GaussianSmoothing wrong in new GaussianSmoothing[] { new() { KernelSize = 4 }, new() { KernelSize = -1 }, new() { KernelSize = 1025 }, new() { KernelSize = 500_000_001 }, new() { Deviation = 0 }, new() { Deviation = double.NaN } })
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(wrong.Validate);
        }
    }
}
