using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class PointInRegionTests
{
    [TestMethod]
    [DataRow(ImageFit.Crop, 400, 300, 24)]
    [DataRow(ImageFit.Crop, 137, 911, 9)]
    [DataRow(ImageFit.Pad, 336, 336, 24)]
    [DataRow(ImageFit.Pad, 480, 240, 24)]
    [DataRow(ImageFit.Pad, 100, 400, 8)]
    public void ARegionPlacedByATorusShiftOfTheFrameScoresOneOnAverage(ImageFit fit, int width, int height, int grid)
    {
        // Frames that end at cell borders, so that the frame is a torus of whole cells.
        var random = new Random(1);
        ImageGeometry geometry = SquareGeometry.Create(fit, width, height, grid * 14, grid);
        float[] fractions = Fractions(geometry);
        int[] frame = Enumerable.Range(0, grid * grid).Where(cell => fractions[cell] == 1).ToArray();
        Assert.AreEqual(frame.Length, fractions.Sum());
        (int top, int left) = (frame[0] / grid, frame[0] % grid);
        (int rows, int columns) = (frame[^1] / grid - top + 1, frame[^1] % grid - left + 1);
        for (int repetition = 0; repetition < 10; repetition++)
        {
            bool[] pattern = Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < 0.2).ToArray();
            pattern[random.Next(pattern.Length)] = true;
            (double x, double y) = geometry.ToPixel((left + random.NextDouble() * columns) * 14, (top + random.NextDouble() * rows) * 14);
            double total = 0.0;
            for (int shift = 0; shift < rows * columns; shift++)
            {
                bool[] region = new bool[grid * grid];
                for (int cell = 0; cell < rows * columns; cell++)
                {
                    int row = (cell / columns + shift / columns) % rows;
                    int column = (cell % columns + shift % columns) % columns;
                    region[(top + row) * grid + left + column] = pattern[cell];
                }
                total += PointInRegion.Score(region, geometry, fractions, [(float)x, (float)y], [1], [0])!.Value.Mpir;
            }
            Assert.AreEqual(1.0, total / (rows * columns), 1e-12);
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    public void AHotCellAtTheKeyPointScoresOneOverItsShareOfTheFrame(ImageFit fit)
    {
        var random = new Random(2);
        int missed = 0;
        for (int repetition = 0; repetition < 2000; repetition++)
        {
            int grid = random.Next(2, 28);
            (int width, int height) = (random.Next(1, 700), random.Next(1, 700));
            ImageGeometry geometry = SquareGeometry.Create(fit, width, height, grid * 14, grid);
            float[] fractions = Fractions(geometry);
            float[] keyPoint = [(float)(random.NextDouble() * (width - 0.01)), (float)(random.NextDouble() * (height - 0.01))];

            // Where the key point is, said without the geometry's own look-up.
            (double cellX, double cellY) =
                fit == ImageFit.Pad ? PaddedCell(keyPoint, width, height, grid) : CroppedCell(keyPoint, width, height, grid);
            bool seen = cellX >= 0 && cellX < grid && cellY >= 0 && cellY < grid;
            float[] map = new float[grid * grid];
            map[seen ? (int)cellY * grid + (int)cellX : random.Next(map.Length)] = 0.7f;
            bool[] region = new bool[map.Length];
            Assert.AreEqual(1, Region.Threshold(map, 0.05, region));
            RegionScore score = PointInRegion.Score(region, geometry, fractions, keyPoint, [1], [0])!.Value;
            Assert.AreEqual(seen, score.Hit, $"{fit} {width} x {height}, ({keyPoint[0]}, {keyPoint[1]}) in {grid} x {grid}");
            if (!seen)
            {
                missed++;
                Assert.AreEqual(0, score.Mpir);
                continue;
            }
            double area = 1.0 / (grid * grid);
            if (fit == ImageFit.Pad)
            {
                (double left, double top, double right, double bottom) = geometry.CellToPixels((int)cellY, (int)cellX);
                area = (Math.Min(right, width) - Math.Max(left, 0)) * (Math.Min(bottom, height) - Math.Max(top, 0)) / width / height;
            }
            Assert.AreEqual(1 / area, score.Mpir, 1e-5 / area);
            Assert.AreEqual(area, score.Area, 1e-5 * area);
        }
        Assert.AreEqual(fit == ImageFit.Crop, missed > 100, "Crops lose key points, padding loses none.");
    }

    [TestMethod]
    public void KeyPointsThatAreNotVisibleAreSkippedAndOneHitSuffices()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 40, 40, 40, 4);
        float[] fractions = Fractions(geometry);
        bool[] region = new bool[16];
        region[0] = region[5] = true;
        float[] points = [5, 5, 35, 35, float.NaN, 0];
        RegionScore? Score(float[] visible, params int[] indices) =>
            PointInRegion.Score(region, geometry, fractions, points, visible, indices);
        Assert.AreEqual(new RegionScore(true, 0.125, 8), Score([1, 1, 0], 0, 1, 2));
        Assert.AreEqual(new RegionScore(false, 0.125, 0), Score([0, 1, 0], 0, 1));
        Assert.IsNull(Score([0, 1, 0], 0, 2));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Score([1, 1, 1], 2)).Message, "Key point 2");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Score([1, float.NaN, 1], 1)).Message, "key point 1");
    }

    [TestMethod]
    public void AnEmptyRegionScoresZero()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 40, 40, 40, 4);
        Assert.AreEqual(new RegionScore(false, 0, 0), PointInRegion.Score(new bool[16], geometry, Fractions(geometry), [5, 5], [1], [0]));
    }

    private static float[] Fractions(ImageGeometry geometry)
    {
        float[] fractions = new float[geometry.Grid.Cells];
        geometry.FrameFractions(fractions);
        return fractions;
    }

    private static (double X, double Y) PaddedCell(float[] point, int width, int height, int grid)
    {
        int side = Math.Max(width, height);
        return (Math.Floor((point[0] + (side - width) / 2) / side * grid), Math.Floor((point[1] + (side - height) / 2) / side * grid));
    }

    private static (double X, double Y) CroppedCell(float[] point, int width, int height, int grid)
    {
        int size = grid * 14;
        int resizedWidth = width <= height ? size : size * width / height;
        int resizedHeight = width <= height ? size * height / width : size;
        double x = (double)point[0] * resizedWidth / width - (resizedWidth - size) / 2;
        double y = (double)point[1] * resizedHeight / height - (resizedHeight - size) / 2;
        return (Math.Floor(x / 14), Math.Floor(y / 14));
    }
}
