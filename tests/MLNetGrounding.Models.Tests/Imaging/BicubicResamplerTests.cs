namespace MLNetGrounding.Models.Imaging;

[TestClass]
public sealed class BicubicResamplerTests
{
    [TestMethod]
    public void TheSameSizeIsTheSamePicture()
    {
        var image = Pictures.Random(new Random(1), 37, 23);
        CollectionAssert.AreEqual(image.Pixels.ToArray(), BicubicResampler.Resize(Canvas.Of(image), 37, 23, new Window(0, 0, 37, 23)));
    }

    [TestMethod]
    public void APlainPictureStaysPlainAtEverySize()
    {
        var random = new Random(2);
        for (var repetition = 0; repetition < 50; repetition++)
        {
            var (red, green, blue) = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            var image = Pictures.Plain(random.Next(1, 90), random.Next(1, 90), red, green, blue);
            var (width, height) = (random.Next(1, 90), random.Next(1, 90));
            var pixels = BicubicResampler.Resize(Canvas.Of(image), width, height, new Window(0, 0, width, height));
            CollectionAssert.AreEqual(Pictures.Plain(width, height, red, green, blue).Pixels.ToArray(), pixels);
        }
    }

    [TestMethod]
    public void EveryRatioEqualsFilteringInDouble()
    {
        var random = new Random(4);
        for (var repetition = 0; repetition < 80; repetition++)
        {
            var image = Pictures.Random(random, random.Next(1, 50), random.Next(1, 50));
            var (width, height) = (random.Next(1, 90), random.Next(1, 90));
            var expected = DoubleResampler.Resize(image, width, height);
            var actual = BicubicResampler.Resize(Canvas.Of(image), width, height, new Window(0, 0, width, height));
            // At simple ratios some values are exactly half a level, which fixed-point weights round either way.
            var differences = expected.Zip(actual, (wanted, got) => Math.Abs(wanted - got)).ToArray();
            Assert.IsLessThanOrEqualTo(1, differences.Max(), $"{image.Width} x {image.Height} to {width} x {height}");
            Assert.IsLessThanOrEqualTo(1 + differences.Length / 100, differences.Sum(), $"{image.Width} x {image.Height} to {width} x {height}");
        }
    }

    [TestMethod]
    public void AWindowIsCutOutOfTheWhole()
    {
        var random = new Random(3);
        for (var repetition = 0; repetition < 50; repetition++)
        {
            var canvas = Canvas.Square(Pictures.Random(random, random.Next(1, 60), random.Next(1, 60)));
            var (width, height) = (random.Next(1, 60), random.Next(1, 60));
            var (left, top) = (random.Next(width), random.Next(height));
            var window = new Window(left, top, random.Next(1, width - left + 1), random.Next(1, height - top + 1));
            var whole = BicubicResampler.Resize(canvas, width, height, new Window(0, 0, width, height));
            var part = BicubicResampler.Resize(canvas, width, height, window);
            for (var row = 0; row < window.Height; row++)
            {
                CollectionAssert.AreEqual(
                    whole.AsSpan(3 * ((top + row) * width + left), 3 * window.Width).ToArray(),
                    part.AsSpan(3 * row * window.Width, 3 * window.Width).ToArray());
            }
        }
    }
}
