using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Rendering;

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
        CollectionAssert.AreEqual(DrawnPixels.Pixel(red, 0, 0).ToArray(), DrawnPixels.Pixel(sheet, 28, 28).ToArray());
        CollectionAssert.AreEqual(DrawnPixels.Pixel(green, 0, 0).ToArray(), DrawnPixels.Pixel(sheet, 76, 28).ToArray());
        CollectionAssert.AreEqual(DrawnPixels.Pixel(blue, 0, 0).ToArray(), DrawnPixels.Pixel(sheet, 28, 76).ToArray());
        CollectionAssert.AreEqual(DrawnPixels.Pixel(sheet, 0, 0).ToArray(), DrawnPixels.Pixel(sheet, 76, 76).ToArray());
    }

    [TestMethod]
    public void OverlaysAreSavedAsTheirPicturesAreArranged()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "sheet.png");
        using MLImage wide = Plain(40, 20, [0, 0, 255, 255]);
        using MLImage tall = Plain(20, 40, [0, 100, 0, 100]);
        using var first = new GroundingOverlay(wide, SquareGeometry.Create(ImageFit.Pad, 40, 20, 56, 4));
        using var second = new GroundingOverlay(tall, SquareGeometry.Create(ImageFit.Crop, 20, 40, 56, 4));
        using GroundingOverlay third = second.Copy();
        first.DrawBox(4, 4, 20, 10);
        third.DrawKeyPoint(10, 20, KeyPointMark.Miss);
        using MLImage firstPicture = first.ToImage();
        using MLImage secondPicture = second.ToImage();
        using MLImage thirdPicture = third.ToImage();
        using MLImage expected = ContactSheet.Arrange([firstPicture, secondPicture, thirdPicture], columns: 2);

        ContactSheet.Save([first, second, third], columns: 2, path);

        using var saved = MLImage.CreateFromFile(path);
        Assert.IsNull(DrawnPixels.OfDifference(expected, saved));
        Assert.ThrowsExactly<ArgumentException>(() => ContactSheet.Save([], 1, path));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ContactSheet.Save([first], 0, path));
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

        Assert.ThrowsExactly<ArgumentException>(() => ContactSheet.Arrange((MLImage[])[], 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ContactSheet.Arrange([only], 0));
        Assert.ThrowsExactly<ArgumentException>(() => ContactSheet.Arrange((ContactSheetPanel[])[]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ContactSheet.Arrange([new ContactSheetPanel(only, "")], new ContactSheetOptions { Columns = 0 })
        );
    }

    [TestMethod]
    public void CaptionsStandUnderTheirPictures()
    {
        using MLImage picture = Plain(240, 100, [0, 0, 255, 255]);

        using MLImage sheet = ContactSheet.Arrange([
            new ContactSheetPanel(picture, "first") { Notes = ["a note"] },
            new ContactSheetPanel(picture, "second"),
        ]);
        using MLImage silent = ContactSheet.Arrange([
            new ContactSheetPanel(picture, "") { Notes = [""] },
            new ContactSheetPanel(picture, "second"),
        ]);

        // Two pictures of 240 pixels 14 apart, 100 high, over a line of 24 and one of 15.5 pixels.
        Assert.AreEqual(((2 * 240) + (3 * 14), 14 + 100 + 40 + 14), (sheet.Width, sheet.Height));
        (int left, int top, int right, int bottom) = DrawnPixels.OfDifference(silent, sheet)!.Value;
        Assert.IsInRange(14, 18, left);
        Assert.IsGreaterThan(114, top);
        Assert.IsLessThan(254, right);
        Assert.IsLessThanOrEqualTo(154, bottom);
    }

    [TestMethod]
    public void AHeadingStandsOverAllPictures()
    {
        using MLImage picture = Plain(240, 100, [0, 0, 255, 255]);
        ContactSheetPanel[] panels = [new(picture, "only")];

        using MLImage without = ContactSheet.Arrange(panels);
        using MLImage with = ContactSheet.Arrange(
            panels,
            new ContactSheetOptions
            {
                Title = "Title",
                Subtitle = "subtitle",
                Legend = ColorMap.Plasma,
            }
        );

        Assert.AreEqual(without.Height + 54, with.Height);
        CollectionAssert.AreEqual(DrawnPixels.Pixel(picture, 0, 0).ToArray(), DrawnPixels.Pixel(with, 14, 14 + 54).ToArray());
    }

    private static MLImage Plain(int width, int height, byte[] pixel) =>
        MLImage.CreateFromPixels(
            width,
            height,
            MLPixelFormat.Bgra32,
            [.. Enumerable.Repeat(pixel, width * height).SelectMany(each => each)]
        );
}
