using System.Globalization;
using System.Security.Cryptography;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Imaging;

[TestClass]
public sealed class ResamplerTests
{
    // Generous: only to end a test that would run for hours.
    private const int HangGuard = 120_000;

    private static readonly ResampleFilter[] Filters = Enum.GetValues<ResampleFilter>();

    [TestMethod]
    public void TheSameSizeIsTheSameImage()
    {
        RgbImage image = Pictures.Random(new Random(1), 37, 23);
        foreach (ResampleFilter filter in Filters)
        {
            CollectionAssert.AreEqual(image.Pixels.ToArray(), Resampler.Resize(Canvas.Of(image), 37, 23, filter));
        }
    }

    [TestMethod]
    public void APlainImageStaysPlainAtEverySize()
    {
        var random = new Random(2);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            (byte red, byte green, byte blue) = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            RgbImage image = Pictures.Plain(random.Next(1, 90), random.Next(1, 90), red, green, blue);
            (int width, int height) = (random.Next(1, 90), random.Next(1, 90));
            var canvas = Canvas.Place(
                image,
                random.Next(1, 200),
                random.Next(1, 200),
                random.Next(-50, 50),
                random.Next(-50, 50),
                new RgbColor(red, green, blue)
            );
            byte[] pixels = Resampler.Resize(canvas, width, height, Filters[repetition % 3]);
            CollectionAssert.AreEqual(Pictures.Plain(width, height, red, green, blue).Pixels.ToArray(), pixels);
        }
    }

    [TestMethod]
    public void EveryRatioEqualsFilteringInDouble()
    {
        var random = new Random(4);
        for (int repetition = 0; repetition < 120; repetition++)
        {
            RgbImage image = Pictures.Random(random, random.Next(1, 50), random.Next(1, 50));
            (int width, int height) = (random.Next(1, 90), random.Next(1, 90));
            ResampleFilter filter = Filters[repetition % 3];
            byte[] expected = DoubleResampler.Resize(image, width, height, filter);
            byte[] actual = Resampler.Resize(Canvas.Of(image), width, height, filter);
            // At simple ratios some values, with the triangle many, are exactly half a level, which fixed-point weights round either way.
            int[] differences = expected.Zip(actual, (wanted, got) => Math.Abs(wanted - got)).ToArray();
            Assert.IsLessThanOrEqualTo(1, differences.Max(), $"{image.Width} x {image.Height} to {width} x {height} {filter}");
            if (filter != ResampleFilter.Bilinear)
            {
                Assert.IsLessThanOrEqualTo(
                    1 + differences.Length / 100,
                    differences.Sum(),
                    $"{image.Width} x {image.Height} to {width} x {height} {filter}"
                );
            }
        }
    }

    /// <summary>The hashes are of what Pillow makes; tests/Fixtures/images/make_images.py tells how.</summary>
    [TestMethod]
    public void PillowsPixelsAreMetAtEverySizeWithEveryFilter()
    {
        int cases = 0;
        foreach (string line in File.ReadLines(TestData.Fixture("images/resized.tsv")))
        {
            string[] fields = line.Split('\t');
            int[] numbers = fields[1..6].Select(field => int.Parse(field, CultureInfo.InvariantCulture)).ToArray();
            RgbImage image = Formula(numbers[0], numbers[1]);
            Canvas canvas = numbers[4] == 1 ? Canvas.Square(image, RgbColor.ClipMean) : Canvas.Of(image);
            byte[] pixels = Resampler.Resize(canvas, numbers[2], numbers[3], Enum.Parse<ResampleFilter>(fields[0]));
            Assert.AreEqual(fields[6], Convert.ToHexStringLower(SHA256.HashData(pixels)), line);
            cases++;
        }
        Assert.IsGreaterThan(20, cases);
    }

    [TestMethod]
    public void AnImageOnACanvasIsResizedAsTheWholeCanvasWouldBe()
    {
        var random = new Random(3);
        for (int repetition = 0; repetition < 200; repetition++)
        {
            RgbImage image = Pictures.Random(random, random.Next(1, 60), random.Next(1, 60));
            var background = new RgbColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            var canvas = Canvas.Place(
                image,
                random.Next(1, 100),
                random.Next(1, 100),
                random.Next(-70, 100),
                random.Next(-70, 100),
                background
            );
            (int width, int height) = (random.Next(1, 60), random.Next(1, 60));
            CollectionAssert.AreEqual(
                Resampler.Resize(Canvas.Of(Whole(canvas)), width, height, Filters[repetition % 3]),
                Resampler.Resize(canvas, width, height, Filters[repetition % 3])
            );
        }
    }

    [TestMethod]
    [DataRow(2500, 3)]
    [DataRow(2, 1800)]
    public void ALongPaddedImageIsResizedAsItsSquareWouldBe(int width, int height)
    {
        var canvas = Canvas.Square(Pictures.Random(new Random(8), width, height), RgbColor.ClipMean);
        CollectionAssert.AreEqual(Resampler.Resize(Canvas.Of(Whole(canvas)), 56, 56), Resampler.Resize(canvas, 56, 56));
    }

    [TestMethod]
    public void AWindowIsCutOutOfTheWhole()
    {
        var random = new Random(3);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            var canvas = Canvas.Square(Pictures.Random(random, random.Next(1, 60), random.Next(1, 60)), RgbColor.ClipMean);
            (int width, int height) = (random.Next(1, 60), random.Next(1, 60));
            (int left, int top) = (random.Next(width), random.Next(height));
            var window = new Window(left, top, random.Next(1, width - left + 1), random.Next(1, height - top + 1));
            byte[] whole = Resampler.Resize(canvas, width, height, Filters[repetition % 3]);
            byte[] part = Resampler.Resize(canvas, width, height, window, Filters[repetition % 3]);
            for (int row = 0; row < window.Height; row++)
            {
                CollectionAssert.AreEqual(
                    whole.AsSpan(3 * ((top + row) * width + left), 3 * window.Width).ToArray(),
                    part.AsSpan(3 * row * window.Width, 3 * window.Width).ToArray()
                );
            }
        }
    }

    /// <summary>A side of three million is more than the weights that are kept at once.</summary>
    [TestMethod]
    [Timeout(HangGuard)]
    [DataRow(3_000_000, 1)]
    [DataRow(1, 3_000_000)]
    public void AnImageOfOneRowOrColumnTakesTheTimeOfItsPixels(int width, int height)
    {
        RgbImage image = Formula(width, height);
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] padded = Resampler.Resize(Canvas.Square(image, RgbColor.ClipMean), 32, 32);
        byte[] stretched = Resampler.Resize(Canvas.Of(image), 32, 32);
        Assert.IsLessThan(100_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        // One part in three million of the square is no level.
        CollectionAssert.AreEqual(Pictures.Plain(32, 32, 122, 116, 104).Pixels.ToArray(), padded);
        // Of a long row of all levels, mixed, each part has the mean.
        Assert.AreEqual(127.5, stretched.Average(level => (double)level), 1);
    }

    /// <summary>
    /// Resized until its width fits, the image has 2,688,000,000 rows, more than an int can count; the middle ones are seen.
    /// </summary>
    [TestMethod]
    [Timeout(HangGuard)]
    public void ACropOfALongThinImageShowsItsMiddle()
    {
        const int Length = 8_000_000,
            Seen = 10,
            Side = 336;
        PixelSettings settings = new()
        {
            RescaleFactor = 1,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
            Filter = ResampleFilter.Bicubic,
            Background = default,
        };
        byte[] pixels = new byte[3 * Length];
        new Random(1).NextBytes(pixels.AsSpan(3 * (Length - Seen) / 2, 3 * Seen));
        foreach (bool upright in (bool[])[true, false])
        {
            byte[] middle = Cropped(pixels.AsSpan(3 * (Length - Seen) / 2, 3 * Seen).ToArray(), Seen, upright);
            byte[] all = Cropped(pixels, Length, upright);
            Assert.IsGreaterThan(1, all.Distinct().Count());
            for (int index = 0; index < all.Length; index++)
            {
                // Weights may differ by a rounding.
                Assert.AreEqual((double)middle[index], all[index], 1.0, $"level {index}");
            }
        }

        byte[] Cropped(byte[] pixels, int length, bool upright) =>
            ImageFitter.Resize(
                upright ? new RgbImage(1, length, pixels) : new RgbImage(length, 1, pixels),
                ImageFit.Crop,
                Side,
                Side,
                settings,
                CancellationToken.None
            );
    }

    /// <summary>Padded, its canvas would have 4,096,000,000 rows; the longest canvas is resized in the time of its side.</summary>
    [TestMethod]
    [Timeout(HangGuard)]
    [DataRow(nameof(ResampleFilter.Bicubic))]
    [DataRow(nameof(ResampleFilter.Lanczos))]
    public void ALongThinImagePaddedToAnotherShapeIsRefusedOrResizedInItsTime(string filter)
    {
        PixelSettings settings = new()
        {
            RescaleFactor = 1,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
            Filter = Enum.Parse<ResampleFilter>(filter),
            Background = new RgbColor(122, 116, 104),
        };
        RgbImage thin = new(1_000_000, 1, new byte[3 * 1_000_000]);
        foreach (ImageFit fit in (ImageFit[])[ImageFit.Crop, ImageFit.Stretch])
        {
            Assert.HasCount(3 * 4096, ImageFitter.Resize(thin, fit, 1, 4096, settings, CancellationToken.None));
        }
        foreach (
            Func<RgbImage, byte[]> resize in (Func<RgbImage, byte[]>[])
                [
                    image => ImageFitter.Resize(image, ImageFit.Pad, 1, 4096, settings, CancellationToken.None),
                    image => ImageFitter.ResizeToSquare(image, ImageFit.Pad, 1, 4096, 4096, settings, CancellationToken.None),
                ]
        )
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => resize(thin)).Message,
                "An image of 1000000 x 1 pixels"
            );
        }
        byte[] longest = ImageFitter.Resize(
            new RgbImage(4096, 1, new byte[3 * 4096]),
            ImageFit.Pad,
            1,
            4096,
            settings,
            CancellationToken.None
        );
        CollectionAssert.AreEqual(Pictures.Plain(1, 4096, 122, 116, 104).Pixels.ToArray(), longest);
    }

    [TestMethod]
    public void APictureThatNoArrayHoldsIsRefused()
    {
        var canvas = Canvas.Of(Pictures.Plain(1, 1, 1, 2, 3));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Resampler.Resize(canvas, 1 << 20, 1 << 20)).Message,
            "1048576 x 1048576"
        );
    }

    [TestMethod]
    public void ACanceledImageIsNotResized()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        var canvas = Canvas.Of(Pictures.Plain(30, 20, 1, 2, 3));
        Assert.ThrowsExactly<OperationCanceledException>(() => Resampler.Resize(canvas, 10, 10, cancellationToken: canceled.Token));
    }

    /// <summary>Ended after it began.</summary>
    [TestMethod]
    [Timeout(HangGuard)]
    public void AnImageIsCanceledWhileItIsResized()
    {
        var canvas = Canvas.Of(Pictures.Plain(1000, 20_000, 1, 2, 3));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(10));
        Assert.ThrowsExactly<OperationCanceledException>(() => Resampler.Resize(canvas, 3000, 3000, cancellationToken: soon.Token));
    }

    private static RgbImage Formula(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int index = 0; index < pixels.Length; index++)
        {
            (int x, int y, int channel) = (index / 3 % width, index / 3 / width, index % 3);
            pixels[index] = (byte)(7L * x + 13L * y + (long)x * y * (channel + 1) / 5 + 50 * channel);
        }
        return new RgbImage(width, height, pixels);
    }

    /// <summary>A canvas with all its background.</summary>
    private static RgbImage Whole(Canvas canvas)
    {
        byte[] pixels = new byte[3 * canvas.Width * canvas.Height];
        for (int row = 0; row < canvas.Height; row++)
        {
            canvas.CopyRow(row, pixels.AsSpan(3 * row * canvas.Width, 3 * canvas.Width));
        }
        return new RgbImage(canvas.Width, canvas.Height, pixels);
    }
}
