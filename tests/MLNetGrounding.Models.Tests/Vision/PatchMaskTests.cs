namespace MLNetGrounding.Models.Vision;

[TestClass]
public sealed class PatchMaskTests
{
    [TestMethod]
    public void PixelsThatPatchesLeaveOverAreOfNoPatch()
    {
        // 5 pixels are 2 patches of 2; the image fills 3 rows and 1 column, and a pixel in the rest.
        bool[] pixels = new bool[25];
        (pixels[0], pixels[5], pixels[10], pixels[24]) = (true, true, true, true);
        CollectionAssert.AreEqual(new[] { 0, 0, 2, 0 }, new PatchMask(pixels, side: 5, patchSize: 2).Positions.ToArray());
    }
}
