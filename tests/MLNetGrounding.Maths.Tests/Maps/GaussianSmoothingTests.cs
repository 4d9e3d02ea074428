namespace MLNetGrounding.Maths.Maps;

[TestClass]
public sealed class GaussianSmoothingTests
{
    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        Assert.AreEqual(7, new GaussianSmoothing().KernelSize);
        Assert.AreEqual(1, new GaussianSmoothing().Deviation);
        Assert.AreEqual(MapBorder.Zero, new GaussianSmoothing().Border);
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
    [DataRow(MapBorder.Zero, 6, 9)]
    [DataRow(MapBorder.Mirrored, 6, 9)]
    [DataRow(MapBorder.Replicate, 6, 9)]
    [DataRow(MapBorder.Mirrored, 1, 2)]
    public void AMapIsConvolvedWithTheKernelAndWhatIsAroundIt(MapBorder border, int height, int width)
    {
        float[] map = RandomMaps.Attention(new Random(3), 1, height * width);
        float[] smoothed = [.. map];
        GaussianSmoothing smoothing = new()
        {
            KernelSize = 5,
            Deviation = 1.3,
            Border = border,
        };
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
                        (int y, int x) = (Place(row + down, height, border), Place(column + across, width, border));
                        expected += y >= 0 && x >= 0 ? Kernel(down, across) / total * map[y * width + x] : 0;
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
        foreach (
            GaussianSmoothing wrong in new GaussianSmoothing[]
            {
                new() { KernelSize = 4 },
                new() { KernelSize = -1 },
                new() { KernelSize = 1025 },
                new() { KernelSize = 500_000_001 },
                new() { Deviation = 0 },
                new() { Deviation = double.NaN },
                new() { Border = (MapBorder)7 },
            }
        )
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(wrong.Validate);
        }
    }

    /// <summary>Mirrored step by step: what falls off one end comes back from it until it lies inside.</summary>
    private static int Place(int place, int length, MapBorder border)
    {
        while (place < 0 || place >= length)
        {
            switch (border)
            {
                case MapBorder.Zero:
                    return -1;
                case MapBorder.Replicate:
                    return place < 0 ? 0 : length - 1;
                default:
                    place = place < 0 ? -place - 1 : 2 * length - 1 - place;
                    break;
            }
        }

        return place;
    }
}
