using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families.Llava;

[TestClass]
public sealed class SquareImagePreprocessorTests
{
    private const int Size = 56;

    private static LlavaSettings Settings => LlavaSettingsReader.Read(GoldenData.TinyA.Checkpoint);

    private static SquareImagePreprocessor Processor => new(Settings, SquareImageSettings.Read(GoldenData.TinyA.Checkpoint, Size));

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    public void ThePixelsLieWhereTheGeometrySays(ImageFit fit)
    {
        var random = new Random(1);
        int compared = 0;
        for (int repetition = 0; repetition < 60; repetition++)
        {
            (int width, int height) = (random.Next(60, 400), random.Next(60, 400));
            (int x, int y) = (random.Next(width - 16), random.Next(height - 16));
            byte[] pixels = new byte[3 * width * height];
            for (int row = y; row < y + 16; row++)
            {
                pixels.AsSpan(3 * (row * width + x), 3 * 16).Fill(255);
            }
            var image = new RgbImage(width, height, pixels);
            ImageGeometry geometry = Processor.Place(width, height, new ImageRequest(fit, null));
            (double left, double top) = geometry.ToInput(x, y);
            (double right, double bottom) = geometry.ToInput(x + 16, y + 16);
            if (left < 2 || top < 2 || right > Size - 2 || bottom > Size - 2)
            {
                continue;
            }
            compared++;
            byte[] input = Processor.Resize(image, fit);
            (double mass, double massX, double massY) = (0.0, 0.0, 0.0);
            for (int pixel = 0; pixel < Size * Size; pixel++)
            {
                (double inputX, double inputY) = (pixel % Size + 0.5, pixel / Size + 0.5);
                (double sourceX, double sourceY) = geometry.ToPixel(inputX, inputY);
                bool inside = sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height;
                int value = inside ? input[3 * pixel] : 0;
                // The padding shines a little into the picture's edge.
                value =
                    Math.Abs(inputX - (left + right) / 2) < right - left && Math.Abs(inputY - (top + bottom) / 2) < bottom - top
                        ? value
                        : 0;
                (mass, massX, massY) = (mass + value, massX + value * inputX, massY + value * inputY);
            }
            Assert.AreEqual((left + right) / 2, massX / mass, 0.25, $"{fit} {width} x {height}, x");
            Assert.AreEqual((top + bottom) / 2, massY / mass, 0.25, $"{fit} {width} x {height}, y");
        }
        Assert.IsGreaterThan(20, compared);
    }

    [TestMethod]
    [DataRow(1, 3000)]
    [DataRow(3000, 1)]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void ExtremeShapesAreProcessed(int width, int height)
    {
        RgbImage image = Pictures.Plain(width, height, 255, 0, 7);
        CollectionAssert.AreEqual(Pictures.Plain(Size, Size, 255, 0, 7).Pixels.ToArray(), Processor.Resize(image, ImageFit.Crop));
        PreparedImage padded = Processor.Prepare(image, new ImageRequest(ImageFit.Pad, null), CancellationToken.None);
        Assert.HasCount(3 * Size * Size, padded.Values);
        Assert.AreEqual((double)Size / Math.Max(width, height), padded.Geometry.ScaleX);
    }

    [TestMethod]
    public void PicturesMustHaveTheirPixels()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new RgbImage(2, 2, new byte[4])).Message, "12 bytes");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RgbImage(0, 2, []));
        Assert.ThrowsExactly<ArgumentNullException>(() => new RgbImage(1, 1, null!));
    }
}
