using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.Llava;
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
        GoldenData data = Data(name);
        Assert.AreNotEqual(0, data.Cases.Count);
        foreach (string caseName in data.Cases)
        {
            RgbImage image = Pictures.Decode(data.Image(caseName));
            Canvas canvas = Fit(caseName) == ImageFit.Pad ? Canvas.Square(image, RgbColor.ClipMean) : Canvas.Of(image);
            NpyFile expected = data.Expected(caseName, "resized_u8");
            (int height, int width) = (expected.Shape[0], expected.Shape[1]);
            CollectionAssert.AreEqual(expected.Bytes(), Resampler.Resize(canvas, width, height), $"{name} {caseName}");
        }
    }

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void PaddedPixelsAreExact(string name)
    {
        GoldenData data = Data(name);
        string[] padded = data.Cases.Where(caseName => data.HasExpected(caseName, "padded_u8")).ToArray();
        Assert.AreNotEqual(0, padded.Length);
        foreach (string? caseName in padded)
        {
            var canvas = Canvas.Square(Pictures.Decode(data.Image(caseName)), RgbColor.ClipMean);
            NpyFile expected = data.Expected(caseName, "padded_u8");
            CollectionAssert.AreEqual(new[] { canvas.Height, canvas.Width, 3 }, expected.Shape.ToArray());
            byte[] pixels = new byte[expected.Count];
            for (int row = 0; row < canvas.Height; row++)
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
        GoldenData data = Data(name);
        foreach (string caseName in data.Cases)
        {
            NpyFile expected = data.Expected(caseName, "pixel_values");
            RgbImage image = Pictures.Decode(data.Image(caseName));
            int size = expected.Shape[^1];
            LlavaSettings settings = LlavaSettingsReader.Read(data.Checkpoint);
            SquareImagePreprocessor processor = new(settings, SquareImageSettings.Read(data.Checkpoint, size));
            PreparedImage prepared = processor.Prepare(image, new ImageRequest(Fit(caseName), null), CancellationToken.None);
            float[] actual = prepared.Values;
            int cell = settings.Vision.PatchSize;
            Assert.AreEqual(
                ImageGeometry.Create(Fit(caseName), image.Width, image.Height, size, size, settings.Grid, cell, cell),
                prepared.Geometry
            );
            float error = expected.Floats().Zip(actual, (wanted, got) => Math.Abs(wanted - got)).Max();
            TestContext.WriteLine($"{name} {caseName}: largest error {error:e1}");
            Assert.AreEqual(expected.Count, actual.Length);
            Assert.IsLessThanOrEqualTo(1e-6f, error, $"{name} {caseName}");
        }
    }
}
