namespace MLNetGrounding.Models.Families.QwenVl;

[TestClass]
public sealed class NativeSizeTests
{
    [TestMethod]
    [DataRow(500, 375, 28, 3136, 12845056, 13, 18)]
    [DataRow(1920, 1080, 28, 3136, 12845056, 39, 69)]
    [DataRow(4032, 3024, 28, 3136, 12845056, 108, 144)]
    [DataRow(500, 375, 32, 65536, 16777216, 12, 16)]
    [DataRow(1920, 1080, 32, 65536, 16777216, 34, 60)]
    [DataRow(4032, 3024, 32, 65536, 16777216, 94, 126)]
    public void PublicLimitsGiveTheGridsOfTheProcessor(int width, int height, int cell, int fewest, int most, int rows, int columns) =>
        Assert.AreEqual(new MapGrid(rows, columns), NativeSize.Of(width, height, cell, fewest, most));

    [TestMethod]
    [DataRow(126, 4)]
    [DataRow(70, 2)]
    [DataRow(42, 2)]
    [DataRow(98, 4)]
    public void HalvesGoToTheEvenNeighbor(int side, int cells) =>
        Assert.AreEqual(new MapGrid(cells, cells), NativeSize.Of(side, side, 28, 1, int.MaxValue));

    [TestMethod]
    public void SmallImagesAreEnlargedUntilTheyHaveTheFewestPixels()
    {
        Assert.AreEqual(new MapGrid(7, 10), NativeSize.Of(150, 100, 32, 65536, 16777216));
        Assert.AreEqual(new MapGrid(3, 4), NativeSize.Of(45, 34, 28, 7056, 34496));
        Assert.AreEqual(new MapGrid(2, 2), NativeSize.Of(1, 1, 28, 3136, 12845056));

        // Rounded down to no cell at all before it grows.
        Assert.AreEqual(new MapGrid(1, 20), NativeSize.Of(1000, 10, 28, 3000, 12845056));
    }

    [TestMethod]
    public void LargeImagesAreMadeSmallerUntilTheyFit()
    {
        for (int most = 1; most <= 64; most++)
        {
            MapGrid grid = NativeSize.Of(3000, 2000, 28, 1, most * 28 * 28);
            Assert.IsLessThanOrEqualTo(most, grid.Cells);
            Assert.IsGreaterThanOrEqualTo(grid.Height, grid.Width);
        }
    }

    [TestMethod]
    public void ASideMoreThanTwoHundredTimesTheOtherIsRefused()
    {
        NativeSize.Of(200, 1, 28, 3136, 12845056);
        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(() => NativeSize.Of(3, 601, 28, 3136, 12845056));
        StringAssert.Contains(exception.Message, "3 x 601 pixels");
        StringAssert.Contains(exception.Message, "200");
    }
}
