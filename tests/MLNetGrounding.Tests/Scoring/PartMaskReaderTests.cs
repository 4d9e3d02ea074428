using MLNetGrounding.Data;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Scoring;

[TestClass]
public sealed class PartMaskReaderTests : IDisposable
{
    private const int Edge = 12;

    private static readonly string[] Queries = ["beak", "eye"];

    private readonly PartMaskReader _reader = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void LabelsAreReadOnceForAFolderOfMasks()
    {
        string labels = _folder.Write("parts.txt", "1 beak\n2 eye\n");
        string mask = WriteMask("masks/a.png", 2);
        PartPixels eye = Read(mask);
        Assert.IsTrue(eye.Reaches(1, 0));
        Assert.IsFalse(eye.Reaches(0, 0));
        File.Delete(labels);
        PartPixels beak = Read(WriteMask("masks/b.png", 1));
        Assert.IsTrue(beak.Reaches(0, 0));
        Assert.IsFalse(beak.Reaches(1, 0));
        Assert.Contains("parts.txt", Refused(WriteMask("others/c.png", 2)).Message);
    }

    [TestMethod]
    public void AFaultOfTheLabelsIsNamedWithTheirFile()
    {
        string mask = WriteMask("masks/a.png", 2);
        string labels = _folder.Write("parts.txt", "1 beak\n2 eye\n3 beak\n");
        Assert.AreEqual($"{labels}: the part 'beak' occurs twice; expected one gray level for each part.", Refused(mask).Message);
        File.WriteAllText(labels, "1 beak\n300 eye\n");
        Assert.Contains($"{labels}: '300'", Refused(mask).Message);
    }

    [TestMethod]
    public void MasksThatDoNotFitTheirPictureAreRefused()
    {
        _folder.Write("parts.txt", "1 beak\n2 eye\n");
        string mask = WriteMask("masks/a.png", 2);
        Assert.Contains("12 x 12 pixels, the image 24 x 12", Assert.ThrowsExactly<InvalidDataException>(() => Read(mask, 24, 12)).Message);
        HugePicture.Write(mask);
        Assert.Contains("has 200000 x 200000 pixels; at most", Refused(mask).Message);
        File.WriteAllText(mask, "no picture");
        Assert.Contains($"'{mask}' is not an image of a known format", Refused(mask).Message);
    }

    private InvalidDataException Refused(string mask) => Assert.ThrowsExactly<InvalidDataException>(() => Read(mask));

    private PartPixels Read(string mask, int width = Edge, int height = Edge) =>
        _reader.Read(mask, SquareGeometry.Create(ImageFit.Pad, width, height, Edge, 4), Queries);

    private string WriteMask(string name, byte label)
    {
        string path = _folder.Write(name, "");
        using var bitmap = new SKBitmap(new SKImageInfo(Edge, Edge, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(label, label, label));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }
}
