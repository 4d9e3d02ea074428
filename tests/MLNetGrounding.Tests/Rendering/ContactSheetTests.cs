using Microsoft.ML.Data;

namespace MLNetGrounding;

[TestClass]
public sealed class ContactSheetTests
{
    [TestMethod]
    public void PicturesStandInReadingOrder()
    {
        using MLImage red = Plain(40, 20, [0, 0, 255, 255]);
        using MLImage green = Plain(20, 40, [0, 255, 0, 255]);
        using MLImage blue = Plain(40, 40, [255, 0, 0, 255]);

        using MLImage sheet = ContactSheet.Arrange([red, green, blue], columns: 2);

        // Places of 40 x 40 pixels, 8 apart.
        Assert.AreEqual((104, 104), (sheet.Width, sheet.Height));
        CollectionAssert.AreEqual(PixelBox.Pixel(red, 0, 0).ToArray(), PixelBox.Pixel(sheet, 28, 28).ToArray());
        CollectionAssert.AreEqual(PixelBox.Pixel(green, 0, 0).ToArray(), PixelBox.Pixel(sheet, 76, 28).ToArray());
        CollectionAssert.AreEqual(PixelBox.Pixel(blue, 0, 0).ToArray(), PixelBox.Pixel(sheet, 28, 76).ToArray());
        CollectionAssert.AreEqual(PixelBox.Pixel(sheet, 0, 0).ToArray(), PixelBox.Pixel(sheet, 76, 76).ToArray());
    }

    [TestMethod]
    public void ASheetIsNoWiderThanItsPictures()
    {
        using MLImage only = Plain(30, 30, [0, 0, 255, 255]);

        using MLImage sheet = ContactSheet.Arrange([only], columns: 5);

        Assert.AreEqual((46, 46), (sheet.Width, sheet.Height));
    }

    [TestMethod]
    public void WrongArgumentsAreNamed()
    {
        using MLImage only = Plain(30, 30, [0, 0, 255, 255]);

        Assert.ThrowsExactly<ArgumentException>(() => ContactSheet.Arrange([], 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ContactSheet.Arrange([only], 0));
    }

    private static MLImage Plain(int width, int height, byte[] pixel) =>
        MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, [.. Enumerable.Repeat(pixel, width * height).SelectMany(each => each)]);
}
