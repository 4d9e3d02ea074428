using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class PartPixelsTests
{
    [TestMethod]
    public void PartsOfOneLabelAreScoredAlike()
    {
        // The left half of 4 x 4 pixels is the part.
        byte[] labels = [.. Enumerable.Range(0, 16).Select(pixel => (byte)(pixel % 4 < 2 ? 5 : 0))];
        var pixels = PartPixels.Count(labels, SquareGeometry.Create(ImageFit.Pad, 4, 4, 4, 2), [5, 5, null]);
        bool[] left = [true, false, true, false];
        Assert.AreEqual(1, pixels.Overlap(0, left));
        Assert.AreEqual(1, pixels.Overlap(1, left));
        Assert.IsTrue(pixels.Reaches(1, 0) is true && pixels.Reaches(1, 1) is false);
        Assert.IsTrue(double.IsNaN(pixels.Overlap(2, left)));
    }

    [TestMethod]
    public void PixelsAreCountedInTheRowsAndColumnsOfARectangle()
    {
        // 2 x 3 cells of 2 x 2 pixels; the part is the pixel in column 4 of row 3.
        byte[] labels = new byte[24];
        labels[3 * 6 + 4] = 1;
        var pixels = PartPixels.Count(labels, ImageGeometry.Create(ImageFit.Stretch, 6, 4, 12, 8, new MapGrid(2, 3), 4, 4), [1]);
        for (int cell = 0; cell < 6; cell++)
        {
            Assert.AreEqual(cell == 5, pixels.Reaches(0, cell));
            bool[] region = new bool[6];
            region[cell] = true;
            Assert.AreEqual(cell == 5 ? 0.25 : 0, pixels.Overlap(0, region));
        }
    }
}
