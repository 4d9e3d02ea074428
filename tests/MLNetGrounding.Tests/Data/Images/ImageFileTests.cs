using System.Diagnostics;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data.Images;

[TestClass]
public sealed class ImageFileTests : IDisposable
{
    // Generous: only to end a test that would wait for ever.
    private const int HangGuard = 120_000;

    private readonly TemporaryFolder _folder = new();

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void EveryKindOfFileIsShownAsPillowShowsIt()
    {
        int files = 0;
        foreach (ImageKind kind in ImageKind.All())
        {
            using MLImage image = ImageFile.Load(kind.Path, OptionsOf(kind));
            Assert.AreEqual((kind.Width, kind.Height), (image.Width, image.Height), kind.Name);
            Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
            int difference = Rgb(image).Zip(kind.Rgb, (shown, right) => Math.Abs(shown - right)).Max();
            TestContext.WriteLine($"{kind.Name}: {difference}");
            Assert.IsLessThanOrEqualTo(kind.AllowedDifference, difference, kind.Name);
            files++;
        }

        Assert.IsGreaterThan(100, files);
    }

    [TestMethod]
    public void NothingThatIsShownIsTransparent()
    {
        foreach (ImageKind kind in ImageKind.All())
        {
            using MLImage image = ImageFile.Load(kind.Path, OptionsOf(kind));
            for (int alpha = 3; alpha < image.Pixels.Length; alpha += 4)
            {
                Assert.AreEqual(255, image.Pixels[alpha], kind.Name);
            }
        }
    }

    [TestMethod]
    public void AStreamIsShownAsTheFile()
    {
        foreach (ImageKind kind in ImageKind.All())
        {
            using MLImage image = ImageFile.Load(kind.Path, OptionsOf(kind));
            using FileStream file = File.OpenRead(kind.Path);
            using MLImage streamed = ImageFile.Load(file, OptionsOf(kind));
            Assert.IsTrue(image.Pixels.SequenceEqual(streamed.Pixels), kind.Name);
        }
    }

    [TestMethod]
    [DataRow("jpeg-rgb420-o", ".jpg")]
    [DataRow("png-rgb-o", ".png")]
    [DataRow("webp-rgb-o", ".webp")]
    [DataRow("tiff-rgb-o", ".tif")]
    public void AsStoredLeavesAllEightOrientationsAlike(string start, string end)
    {
        var stored = new ImageLoadingOptions { AsStored = true };
        using MLImage upright = ImageFile.Load(TestData.Fixture($"images/{start}1{end}"));
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            using MLImage image = ImageFile.Load(TestData.Fixture($"images/{start}{orientation}{end}"), stored);
            Assert.AreEqual((upright.Width, upright.Height), (image.Width, image.Height));
            Assert.IsTrue(upright.Pixels.SequenceEqual(image.Pixels), $"orientation {orientation}");
        }
    }

    [TestMethod]
    public void FloatingPointValuesNeedARange()
    {
        string path = TestData.Fixture("images/tiff-float.tif");
        Assert.AreEqual(
            $"'{path}' holds floating-point values and does not say which are black and white; set ImageLoadingOptions.FloatRange.",
            Refused(path).Message
        );
        using MLImage negative = ImageFile.Load(path, new ImageLoadingOptions { FloatRange = new FloatRange(455.35f, -200) });
        using MLImage positive = ImageFile.Load(path, new ImageLoadingOptions { FloatRange = new FloatRange(-200, 455.35f) });
        int[] sums = [.. Rgb(negative).Zip(Rgb(positive), (dark, light) => dark + light)];
        // The value that is NaN is black either way.
        Assert.AreEqual(3, sums.Count(sum => sum == 0));
        Assert.AreEqual(sums.Length - 3, sums.Count(sum => Math.Abs(sum - 255) <= 1));
    }

    [TestMethod]
    [DataRow("refused-whole32.tif", "has 32 bits a sample")]
    [DataRow("refused-signed16.tif", "cannot be decoded")]
    [DataRow("refused-float-rgb16bit.tif", "")]
    [DataRow("refused-associated.tif", "has colors multiplied by alpha")]
    [DataRow("refused-cmyk.tif", "cannot be decoded")]
    [DataRow("refused-breaks-off.tif", "breaks off")]
    [DataRow("refused-breaks-off16.png", "cannot be decoded")]
    [DataRow("refused-breaks-off.jpg", "cannot be decoded")]
    public void WhatWouldBeShownWrongIsRefused(string name, string reason)
    {
        string path = TestData.Fixture($"images/{name}");
        string message = Refused(path).Message;
        StringAssert.StartsWith(message, $"'{path}' ");
        StringAssert.Contains(message, reason);
    }

    [TestMethod]
    public void ATransparentWhiteImageIsWhite()
    {
        using MLImage image = ImageFile.Load(TestData.Require("cases/alpha.png"));
        Assert.IsTrue(Rgb(image).Take(3).All(level => level == 255), "the stored color, not black");
    }

    [TestMethod]
    public void AnImageStoredSidewaysIsShownAsTheUprightOne()
    {
        using MLImage turned = ImageFile.Load(TestData.Require("cases/exif6.jpg"));
        using MLImage upright = ImageFile.Load(TestData.Require("cases/upright.png"));
        Assert.AreEqual((upright.Width, upright.Height), (turned.Width, turned.Height));
        double difference = Rgb(turned).Zip(Rgb(upright), (one, other) => Math.Abs(one - other)).Average();
        Assert.IsLessThan(6, difference, "only JPEG's loss");
    }

    [TestMethod]
    public void AProfileChangesNoColors()
    {
        string path = TestData.Require("cases/profile-lut.jpg");
        using MLImage image = ImageFile.Load(path);
        using var stored = MLImage.CreateFromFile(path);
        Assert.IsTrue(image.Pixels.SequenceEqual(stored.Pixels));
    }

    [TestMethod]
    public void TheHeaderDecidesBeforeAnythingIsDecoded()
    {
        string huge = Path.Combine(_folder.Path, "huge.png");
        HugePicture.Write(huge);
        StringAssert.Contains(Refused(huge).Message, $"'{huge}' has 200000 x 200000 pixels; at most 100000000 are decoded");
        string small = TestData.Fixture("images/png-rgb.png");
        StringAssert.Contains(
            Refused(small, new ImageLoadingOptions { MaxPixels = (21 * 13) - 1 }).Message,
            "21 x 13 pixels; at most 272 are decoded"
        );
        using MLImage image = ImageFile.Load(small, new ImageLoadingOptions { MaxPixels = 21 * 13 });
        Assert.AreEqual(21, image.Width);
    }

    [TestMethod]
    public void SettingsOutOfTheirRangesAreRefused()
    {
        string path = TestData.Fixture("images/png-rgb.png");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageFile.Load(path, new ImageLoadingOptions { MaxPixels = 0 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageFile.Load(path, new ImageLoadingOptions { MaxPixels = 500_000_001 }));
        Assert.ThrowsExactly<ArgumentException>(() => ImageFile.Load(path, new ImageLoadingOptions { FloatRange = new FloatRange(1, 1) }));
        Assert.ThrowsExactly<ArgumentException>(() =>
            ImageFile.Load(path, new ImageLoadingOptions { FloatRange = new FloatRange(float.NaN, 1) })
        );
    }

    [TestMethod]
    [Timeout(HangGuard)]
    public void WhatIsNoFileIsRefusedAtOnce()
    {
        StringAssert.Contains(Refused(_folder.Path).Message, "is a directory");
        string missing = Path.Combine(_folder.Path, "missing.png");
        Assert.AreEqual($"'{missing}' does not exist.", Refused(missing).Message);
        StringAssert.Contains(Refused(_folder.Write("empty.png", "")).Message, "is empty, a pipe or a device");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string pipe = Path.Combine(_folder.Path, "pipe.png");
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        StringAssert.Contains(Refused(pipe).Message, "is empty, a pipe or a device");
        string link = Path.Combine(_folder.Path, "link.png");
        File.CreateSymbolicLink(link, pipe);
        StringAssert.Contains(Refused(link).Message, "is empty, a pipe or a device");
        StringAssert.Contains(Refused("/dev/zero").Message, "is empty, a pipe or a device");
    }

    [TestMethod]
    public void ALinkIsFollowed()
    {
        string link = Path.Combine(_folder.Path, "link.png");
        File.CreateSymbolicLink(link, TestData.Fixture("images/png-rgb.png"));
        string linkToLink = Path.Combine(_folder.Path, "link2.png");
        File.CreateSymbolicLink(linkToLink, link);
        using MLImage image = ImageFile.Load(linkToLink);
        Assert.AreEqual(21, image.Width);
    }

    /// <summary>Files with bytes changed, cut off or repeated: an image or a reason, nothing else.</summary>
    [TestMethod]
    [Timeout(10 * HangGuard)]
    public void DamagedFilesAreShownOrRefused()
    {
        var random = new Random(7);
        var options = new ImageLoadingOptions { MaxPixels = 1_000_000, FloatRange = new FloatRange(0, 1) };
        int refused = 0;
        foreach (ImageKind kind in ImageKind.All())
        {
            byte[] whole = File.ReadAllBytes(kind.Path);
            for (int repetition = 0; repetition < 20; repetition++)
            {
                byte[] bytes = [.. whole[..^random.Next(whole.Length)], .. random.Next(2) == 0 ? whole[^random.Next(whole.Length)..] : []];
                for (int change = random.Next(6); change > 0 && bytes.Length > 0; change--)
                {
                    bytes[random.Next(Math.Min(bytes.Length, random.Next(2) == 0 ? 200 : int.MaxValue))] = (byte)random.Next(256);
                }

                try
                {
                    using MLImage image = ImageFile.Load(new MemoryStream(bytes), options);
                    Assert.IsLessThanOrEqualTo(options.MaxPixels, image.Width * image.Height);
                }
                catch (InvalidDataException)
                {
                    refused++;
                }
            }
        }

        Assert.IsGreaterThan(500, refused);
    }

    private static InvalidDataException Refused(string path, ImageLoadingOptions? options = null) =>
        Assert.ThrowsExactly<InvalidDataException>(() => ImageFile.Load(path, options));

    private static ImageLoadingOptions OptionsOf(ImageKind kind) =>
        new() { FloatRange = kind.Name == "tiff-float.tif" ? new FloatRange(-200, 455.35f) : null };

    private static byte[] Rgb(MLImage image) => ImageFile.ToRgb(image).Pixels.ToArray();
}
