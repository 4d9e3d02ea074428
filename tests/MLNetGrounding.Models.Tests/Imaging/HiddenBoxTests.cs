namespace MLNetGrounding.Models.Imaging;

/// <summary>Images of which a part is hidden.</summary>
[TestClass]
public sealed class HiddenBoxTests
{
    private static readonly RgbImage Image = new(3, 2, [.. Enumerable.Range(1, 18).Select(value => (byte)(10 * value))]);

    [TestMethod]
    public void EveryPixelThatTheBoxTouchesIsHiddenAndNoOther()
    {
        // From the middle of the second column on, and beyond the image.
        RgbImage hidden = Image.Hide(new ImageBox(1.5, 0.9, 20, 0.2));
        byte[] pixels = hidden.Pixels.ToArray();
        byte[] before = Image.Pixels.ToArray();
        for (int pixel = 0; pixel < 6; pixel++)
        {
            byte[] expected = pixel % 3 == 0 ? before[(3 * pixel)..((3 * pixel) + 3)] : [0, 0, 0];
            CollectionAssert.AreEqual(expected, pixels[(3 * pixel)..((3 * pixel) + 3)], $"pixel {pixel}");
        }

        Assert.AreEqual(10, Image.Pixels.Span[0]);
    }

    [TestMethod]
    public void TheMeanColorIsThatOfTheWholeImage()
    {
        byte[] pixels = Image.Hide(new ImageBox(0, 0, 1, 1), FaithfulnessBaseline.MeanColor).Pixels.ToArray();
        CollectionAssert.AreEqual(new byte[] { 85, 95, 105, 40, 50, 60 }, pixels[..6]);
    }

    [TestMethod]
    public void ABoxOutsideTheImageIsRefused()
    {
        Assert.Contains("3 x 2", Assert.ThrowsExactly<ArgumentException>(() => Image.Hide(new ImageBox(3, 0, 5, 5))).Message);
        Assert.ThrowsExactly<ArgumentException>(() => Image.Hide(new ImageBox(0, 0, -1, 5)));
        Assert.ThrowsExactly<ArgumentException>(() => Image.Hide(new ImageBox(0, double.NaN, 1, 5)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Image.Hide(new ImageBox(0, 0, 1, 5), (FaithfulnessBaseline)7));
    }
}
