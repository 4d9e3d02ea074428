using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Imaging;

/// <summary>Pixels equal those of Pillow and Hugging Face's processor.</summary>
[TestClass]
public sealed class GoldenImageTests
{
    public TestContext TestContext { get; set; } = null!;

    private static GoldenData Data(string name) => name == "tiny-a" ? GoldenData.TinyA : GoldenData.TinyC;

    private static ImageFit Fit(string caseName) => caseName.EndsWith("_pad", StringComparison.Ordinal) ? ImageFit.Pad : ImageFit.Crop;

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void ResizedPixelsAreExact(string name)
    {
        var data = Data(name);
        Assert.AreNotEqual(0, data.Cases.Count);
        foreach (var caseName in data.Cases)
        {
            var image = Pictures.Decode(data.Image(caseName));
            var canvas = Fit(caseName) == ImageFit.Pad ? Canvas.Square(image) : Canvas.Of(image);
            var expected = data.Expected(caseName, "resized_u8");
            var (height, width) = (expected.Shape[0], expected.Shape[1]);
            CollectionAssert.AreEqual(
                expected.Bytes(), BicubicResampler.Resize(canvas, width, height, new Window(0, 0, width, height)), $"{name} {caseName}");
        }
    }

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void PaddedPixelsAreExact(string name)
    {
        var data = Data(name);
        var padded = data.Cases.Where(caseName => data.HasExpected(caseName, "padded_u8")).ToArray();
        Assert.AreNotEqual(0, padded.Length);
        foreach (var caseName in padded)
        {
            var canvas = Canvas.Square(Pictures.Decode(data.Image(caseName)));
            var expected = data.Expected(caseName, "padded_u8");
            CollectionAssert.AreEqual(new[] { canvas.Height, canvas.Width, 3 }, expected.Shape.ToArray());
            var pixels = new byte[expected.Count];
            for (var row = 0; row < canvas.Height; row++)
            {
                canvas.CopyRow(row, pixels.AsSpan(3 * row * canvas.Width));
            }
            CollectionAssert.AreEqual(expected.Bytes(), pixels, $"{name} {caseName}");
        }
    }

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void PixelValuesAreTheProcessors(string name)
    {
        var data = Data(name);
        foreach (var caseName in data.Cases)
        {
            var expected = data.Expected(caseName, "pixel_values");
            var image = Pictures.Decode(data.Image(caseName));
            var size = expected.Shape[^1];
            var processor = ImageProcessor.Create(PreprocessorConfiguration.Read(data.Checkpoint, size), new MapGrid(data.Prompt.Grid, data.Prompt.Grid), (double)size / data.Prompt.Grid);
            var actual = processor.Process(image, Fit(caseName), out var geometry);
            Assert.AreEqual(SquareGeometry.Create(Fit(caseName), image.Width, image.Height, size, data.Prompt.Grid), geometry);
            var error = expected.Floats().Zip(actual, (wanted, got) => Math.Abs(wanted - got)).Max();
            TestContext.WriteLine($"{name} {caseName}: largest error {error:e1}");
            Assert.AreEqual(expected.Count, actual.Length);
            Assert.IsLessThanOrEqualTo(1e-6f, error, $"{name} {caseName}");
        }
    }
}
