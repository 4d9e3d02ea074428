namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class GaussianMapTests
{
    [TestMethod]
    public void AGaussianPeaksInTheCellOfItsMiddleAndFallsByItsSpread()
    {
        // 3 x 7 cells of 20 x 30 pixels.
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 140, 90, 70, 45, new MapGrid(3, 7), 10, 15);
        float[] map = new float[21];
        GaussianMap.Draw(geometry, 110, 15, 40, 30, map);
        for (int cell = 0; cell < map.Length; cell++)
        {
            (int x, int y) = (10 + 20 * (cell % 7), 15 + 30 * (cell / 7));
            Assert.AreEqual(Math.Exp(-(Math.Pow((x - 110) / 40.0, 2) + Math.Pow((y - 15) / 30.0, 2)) / 2), map[cell], 1e-6);
        }
        Assert.AreEqual(5, Array.IndexOf(map, map.Max()));
        Assert.ThrowsExactly<ArgumentException>(() => GaussianMap.Draw(geometry, 1, 1, 1, 1, new float[20]));
    }
}
