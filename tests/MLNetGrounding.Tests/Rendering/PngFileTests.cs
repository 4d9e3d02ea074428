using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Rendering;

[TestClass]
public sealed class PngFileTests
{
    private const int ColorTypeOffset = 25;

    [TestMethod]
    [DataRow(1, 1, 255)]
    [DataRow(3, 5, 255)]
    [DataRow(4, 1, 255)]
    [DataRow(37, 21, 255)]
    [DataRow(64, 33, 255)]
    [DataRow(1, 1, 0)]
    [DataRow(5, 3, 0)]
    [DataRow(64, 33, 0)]
    public void ADecoderReadsThePixelsBack(int width, int height, int smallestAlpha)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "picture.png");
        foreach (MLPixelFormat format in (MLPixelFormat[])[MLPixelFormat.Bgra32, MLPixelFormat.Rgba32])
        {
            using MLImage picture = Noise(width, height, format, smallestAlpha);

            PngFile.Save(picture, path);

            using var read = MLImage.CreateFromFile(path);
            Assert.AreEqual((width, height), (read.Width, read.Height));
            CollectionAssert.AreEqual(Bgra(picture), Bgra(read), $"{format}");
            Assert.AreEqual(smallestAlpha == 255 ? 2 : 6, File.ReadAllBytes(path)[ColorTypeOffset], "colors alone, or with alpha");
        }
    }

    [TestMethod]
    public void OneTransparentPixelKeepsItsTransparency()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "picture.png");
        byte[] pixels = [.. Enumerable.Repeat((byte)255, 4 * 20 * 10)];
        pixels.AsSpan(4 * 123, 4).Fill(100);
        using var picture = MLImage.CreateFromPixels(20, 10, MLPixelFormat.Bgra32, pixels);

        PngFile.Save(picture, path);

        using var read = MLImage.CreateFromFile(path);
        CollectionAssert.AreEqual(pixels, Bgra(read));
    }

    [TestMethod]
    public void AFileThatIsThereIsReplacedAsAWhole()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "picture.png");
        File.WriteAllBytes(path, new byte[100_000]);
        using MLImage picture = Noise(8, 8, MLPixelFormat.Bgra32, 255);

        PngFile.Save(picture, path);

        Assert.IsLessThan(1000, new FileInfo(path).Length);
        CollectionAssert.AreEqual((string[])[path], Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void WhatCannotBeWrittenLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        string path = Directory.CreateDirectory(Path.Combine(folder.Path, "picture.png")).FullName;
        using MLImage picture = Noise(8, 8, MLPixelFormat.Bgra32, 255);

        Assert.Throws<Exception>(() => PngFile.Save(picture, path));

        CollectionAssert.AreEqual((string[])[path], Directory.GetFileSystemEntries(folder.Path));
        Assert.Throws<ArgumentException>(() => PngFile.Save(picture, ""));
    }

    private static MLImage Noise(int width, int height, MLPixelFormat format, int smallestAlpha)
    {
        var random = new Random(width);
        byte[] pixels = new byte[4 * width * height];
        for (int pixel = 0; pixel < pixels.Length; pixel += 4)
        {
            byte alpha = (byte)random.Next(smallestAlpha, 256);
            pixels[pixel + 3] = alpha;
            for (int channel = 0; channel < 3; channel++)
            {
                pixels[pixel + channel] = (byte)random.Next(alpha + 1);
            }
        }

        return MLImage.CreateFromPixels(width, height, format, pixels);
    }

    private static byte[] Bgra(MLImage image)
    {
        byte[] pixels = image.Pixels.ToArray();
        for (int pixel = 0; image.PixelFormat == MLPixelFormat.Rgba32 && pixel < pixels.Length; pixel += 4)
        {
            (pixels[pixel], pixels[pixel + 2]) = (pixels[pixel + 2], pixels[pixel]);
        }

        return pixels;
    }
}
