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
        PartPixels pixels = PartPixels.Count(labels, SquareGeometry.Create(ImageFit.Pad, 4, 4, 4, 2), [5, 5, null]);
        bool[] left = [true, false, true, false];
        Assert.AreEqual(1, pixels.Overlap(0, left));
        Assert.AreEqual(1, pixels.Overlap(1, left));
        Assert.IsTrue(pixels.Reaches(1, 0) is true && pixels.Reaches(1, 1) is false);
        Assert.IsTrue(double.IsNaN(pixels.Overlap(2, left)));
    }
}
