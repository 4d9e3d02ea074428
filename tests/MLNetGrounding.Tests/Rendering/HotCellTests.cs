using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Rendering;

/// <summary>Overlays against the committed pictures, which show a hot cell among lines that are 40 pixels apart.</summary>
[TestClass]
public sealed class HotCellTests
{
    private const int Grid = 6;
    private const int InputSize = 84;

    // Gray levels that a channel may differ by on average and at most: room for another rasteriser, none for another place.
    private const double LargestMean = 0.5;
    private const int LargestDifference = 40;

    [TestMethod]
    [DataRow("wide-padded", ImageFit.Pad, 240, 160, 2, 3)]
    [DataRow("tall-padded", ImageFit.Pad, 160, 240, 4, 2)]
    [DataRow("wide-cropped", ImageFit.Crop, 240, 160, 1, 4)]
    [DataRow("tall-cropped", ImageFit.Crop, 160, 240, 5, 1)]
    public void AHotCellLooksAsCommitted(string name, ImageFit fit, int width, int height, int row, int column)
    {
        using var golden = MLImage.CreateFromFile(TestData.Fixture($"rendering/hot-cell-{name}.png"));

        using MLImage drawn = Draw(fit, width, height, row, column);

        (double mean, int largest) = Difference(golden, drawn);
        Assert.IsLessThanOrEqualTo(LargestMean, mean);
        Assert.IsLessThanOrEqualTo(LargestDifference, largest);
    }

    [TestMethod]
    public void TheComparisonSeesANeighboringCell()
    {
        using var golden = MLImage.CreateFromFile(TestData.Fixture("rendering/hot-cell-wide-padded.png"));

        using MLImage drawn = Draw(ImageFit.Pad, 240, 160, 2, 2);

        Assert.IsGreaterThan(LargestMean, Difference(golden, drawn).Mean);
    }

    private static MLImage Draw(ImageFit fit, int width, int height, int row, int column)
    {
        using MLImage image = Squares(width, height);
        float[] map = new float[Grid * Grid];
        map[(row * Grid) + column] = 1;
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(fit, width, height, InputSize, Grid));
        return overlay.DrawMap(map).DrawRegion(map).ToImage();
    }

    private static MLImage Squares(int width, int height)
    {
        byte[] pixels = new byte[width * height * 4];
        for (int index = 0; index < width * height; index++)
        {
            (int y, int x) = Math.DivRem(index, width);
            bool line = x % 40 == 0 || y % 40 == 0;
            (byte blue, byte green, byte red) = line
                ? ((byte)0, (byte)0, (byte)0)
                : ((byte)(255 * x / width), (byte)160, (byte)(255 * y / height));
            (pixels[4 * index], pixels[(4 * index) + 1], pixels[(4 * index) + 2], pixels[(4 * index) + 3]) = (blue, green, red, 255);
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }

    private static (double Mean, int Largest) Difference(MLImage expected, MLImage actual)
    {
        Assert.AreEqual((expected.Width, expected.Height), (actual.Width, actual.Height));
        (long sum, int largest) = (0, 0);
        // The file may have been decoded with red and blue exchanged.
        int red = expected.PixelFormat == actual.PixelFormat ? 0 : 2;
        for (int index = 0; index < expected.Pixels.Length; index++)
        {
            int other = index % 4 is 0 or 2 ? index ^ red : index;
            int difference = Math.Abs(expected.Pixels[index] - actual.Pixels[other]);
            sum += difference;
            largest = Math.Max(largest, difference);
        }

        return ((double)sum / expected.Pixels.Length, largest);
    }
}
