using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Regions;

[TestClass]
public sealed class OtsuRegionTests
{
    [TestMethod]
    public void ThePixelsAreSplitWhereTheGroupsDifferMost()
    {
        var random = new Random(17);
        for (int repetition = 0; repetition < 20; repetition++)
        {
            float[] map = RandomMaps.Attention(random, 1, 20);
            var geometry = ImageGeometry.Create(
                ImageFit.Stretch,
                random.Next(5, 60),
                random.Next(4, 60),
                50,
                40,
                new MapGrid(4, 5),
                10,
                10
            );
            bool[] mask = new bool[geometry.ImageWidth * geometry.ImageHeight];
            int count = OtsuRegion.Mask(map, geometry, mask);
            Assert.AreEqual(mask.Count(pixel => pixel), count);

            // Levels by plain enlargement, and every split of them tried.
            double[] levels =
            [
                .. Enumerable
                    .Range(0, mask.Length)
                    .Select(pixel => Math.Floor(255 * At(map, geometry, pixel % geometry.ImageWidth, pixel / geometry.ImageWidth))),
            ];
            int best = Enumerable.Range(0, 255).MaxBy(level => Between(levels, level));
            bool[] expected = [.. levels.Select(level => level > best)];
            // A level on the border of two may be rounded to either.
            Assert.IsLessThanOrEqualTo(mask.Length / 100, mask.Zip(expected).Count(pair => pair.First != pair.Second));
        }
    }

    [TestMethod]
    public void CellsArePlacedByTheThresholdOfThePixels()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 50, 30, 60, 3);
        float[] map = [0, 0, 0.1f, 0, 1, 0.9f, 0.1f, 0, 0];
        bool[] region = new bool[9];
        Assert.AreEqual(2, new OtsuRegion().Mark(map, geometry, region));
        CollectionAssert.AreEqual(new[] { false, false, false, false, true, true, false, false, false }, region);
        bool[] mask = new bool[50 * 30];
        OtsuRegion.Mask(map, geometry, mask);
        PixelRectangle box = new OtsuRegion().Box(map, geometry, region)!.Value;
        int[] pixels = [.. Enumerable.Range(0, mask.Length).Where(pixel => mask[pixel])];
        Assert.AreEqual(pixels.Min(pixel => pixel % 50), box.Left);
        Assert.AreEqual(pixels.Max(pixel => pixel % 50) + 1, box.Right);
        Assert.AreEqual(pixels.Min(pixel => pixel / 50), box.Top);
        Assert.AreEqual(pixels.Max(pixel => pixel / 50) + 1, box.Bottom);
    }

    private static double Between(double[] levels, int split)
    {
        double[] lower = [.. levels.Where(level => level <= split)];
        double[] upper = [.. levels.Where(level => level > split)];
        return lower.Length == 0 || upper.Length == 0
            ? -1
            : (double)lower.Length * upper.Length * Math.Pow(lower.Average() - upper.Average(), 2);
    }

    private static double At(float[] map, ImageGeometry geometry, int x, int y)
    {
        (float minimum, float maximum) = (map.Min(), map.Max());
        (double column, double row) = geometry.ToInput(x + 0.5, y + 0.5);
        (column, row) = (Math.Clamp(column / geometry.CellWidth - 0.5, 0, 4), Math.Clamp(row / geometry.CellHeight - 0.5, 0, 3));
        (int left, int top) = ((int)column, (int)row);
        double Cell(int down, int across) =>
            (map[Math.Min(top + down, 3) * 5 + Math.Min(left + across, 4)] - minimum) / (maximum - minimum);
        (double right, double bottom) = (column - left, row - top);
        return (1 - bottom) * ((1 - right) * Cell(0, 0) + right * Cell(0, 1)) + bottom * ((1 - right) * Cell(1, 0) + right * Cell(1, 1));
    }
}
