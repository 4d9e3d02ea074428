using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Regions;

[TestClass]
public sealed class WindowRegionTests
{
    [TestMethod]
    public void TheSquareStandsOutMostAsTheDefinitionSaysWrittenPlainly()
    {
        var random = new Random(31);
        int moved = 0;
        for (int repetition = 0; repetition < 200; repetition++)
        {
            (int height, int width) = (random.Next(1, 13), random.Next(2, 13));
            float[] map = RandomMaps.Attention(random, 1, height * width);
            (int imageWidth, int imageHeight, int side) = (random.Next(20, 900), random.Next(20, 900), random.Next(10, 300));
            var geometry = ImageGeometry.Create(
                ImageFit.Stretch,
                imageWidth,
                imageHeight,
                10 * width,
                10 * height,
                new MapGrid(height, width),
                10,
                10
            );
            WindowRegion rule = new() { Side = side };
            bool[] region = new bool[map.Length];
            rule.Mark(map, geometry, region);
            PixelRectangle box = rule.Box(map, geometry, region)!.Value;
            Assert.AreEqual(
                Plain(map, height, width, imageWidth, imageHeight, side),
                box,
                $"{height} x {width}, {imageWidth} x {imageHeight}, {side}"
            );
            moved += box.Left > 0 ? 1 : 0;
        }
        Assert.IsGreaterThan(60, moved);
    }

    [TestMethod]
    public void WithACropTheSquareLiesWhereTheModelLooked()
    {
        // The map is high at its left edge, which is the left edge of the middle third.
        float[] map = new float[36];
        map[18] = map[12] = 1;
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Crop, 300, 100, 60, 6);
        bool[] region = new bool[36];
        WindowRegion rule = new() { Side = 30 };
        rule.Mark(map, geometry, region);
        PixelRectangle box = rule.Box(map, geometry, region)!.Value;
        Assert.AreEqual(100, box.Left);
        Assert.IsTrue(box.Contains(105, 40), $"{box}");
        Assert.IsLessThanOrEqualTo(200, box.Right);
    }

    [TestMethod]
    public void WithPaddingTheSquareStaysInTheImage()
    {
        // The map is highest in the padding above the image.
        float[] map = new float[36];
        map[2] = 1;
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 60, 20, 60, 6);
        bool[] region = new bool[36];
        WindowRegion rule = new() { Side = 10 };
        rule.Mark(map, geometry, region);
        PixelRectangle box = rule.Box(map, geometry, region)!.Value;
        Assert.IsTrue(box.Top >= 0 && box.Bottom <= 20 && box.Area > 0, $"{box}");
    }

    [TestMethod]
    public void ASideThatCoversAllIsTheWholeImage()
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 60, 20, 60, 2);
        bool[] region = new bool[4];
        WindowRegion rule = new() { Side = 60 };
        Assert.AreEqual(4, rule.Mark([0, 1, 0, 0], geometry, region));
        Assert.AreEqual(new PixelRectangle(0, 0, 60, 20), rule.Box([0, 1, 0, 0], geometry, region));
    }

    [TestMethod]
    public void AWindowHasAtLeastOneCell()
    {
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 9000, 9000, 40, 40, new MapGrid(4, 4), 10, 10);
        float[] map = new float[16];
        map[6] = 1;
        bool[] region = new bool[16];
        Assert.AreEqual(1, new WindowRegion { Side = 20 }.Mark(map, geometry, region));
        Assert.IsTrue(region[6]);
        Assert.IsTrue(
            new WindowRegion { Side = 20 }
                .Box(map, geometry, region)!
                .Value.Contains(5625, 3375)
        );
    }

    private static PixelRectangle Plain(float[] map, int height, int width, int imageWidth, int imageHeight, int side)
    {
        List<(double Lead, double Ratio, int Row, int Column, int Rows, int Columns)> found = [];
        (double cellWidth, double cellHeight) = ((double)imageWidth / width, (double)imageHeight / height);
        foreach (double ratio in new[] { 1, 1.2, 1.4, 1.6, 1.8, 2 })
        {
            int columns = Math.Max(1, Math.Min((int)(side * ratio / cellWidth), width));
            int rows = Math.Max(1, Math.Min((int)(side * ratio / cellHeight), height));
            if (columns == width && rows == height)
            {
                if (ratio == 1)
                {
                    return new PixelRectangle(0, 0, imageWidth, imageHeight);
                }
                continue;
            }
            double Sum(int row, int column) =>
                (
                    from down in Enumerable.Range(0, rows)
                    from across in Enumerable.Range(0, columns)
                    select (double)map[(row + down) * width + column + across]
                ).Sum();
            bool Fits(int row, int column) => row >= 0 && column >= 0 && row + rows <= height && column + columns <= width;
            (double best, int bestRow, int bestColumn) = (double.NegativeInfinity, 0, 0);
            for (int column = 0; Fits(0, column); column++)
            {
                for (int row = 0; Fits(row, column); row++)
                {
                    if (Sum(row, column) > best)
                    {
                        (best, bestRow, bestColumn) = (Sum(row, column), row, column);
                    }
                }
            }
            (int Row, int Column)[] aside = new[] { (0, -1), (0, 1), (-1, 0), (1, 0) }
                .Select(step => (Row: bestRow + step.Item1, Column: bestColumn + step.Item2))
                .Where(place => Fits(place.Row, place.Column))
                .ToArray();
            found.Add(
                (
                    (best - aside.Average(place => Sum(place.Row, place.Column))) / (rows * columns),
                    ratio,
                    bestRow,
                    bestColumn,
                    rows,
                    columns
                )
            );
        }
        (double Lead, double Ratio, int Row, int Column, int Rows, int Columns) chosen = found.MaxBy(each => each.Lead);
        double half = Math.Floor(side * chosen.Ratio / 2);
        double Clamped(double center, double size)
        {
            center = Math.Floor(center);
            center = center < half ? half : center;
            return center > size - half ? size - half : center;
        }
        double x = Clamped(chosen.Column * cellWidth + cellWidth * chosen.Columns / 2, imageWidth);
        double y = Clamped(chosen.Row * cellHeight + cellHeight * chosen.Rows / 2, imageHeight);
        return new PixelRectangle(
            Math.Max(0, x - half),
            Math.Max(0, y - half),
            Math.Min(imageWidth, x + half),
            Math.Min(imageHeight, y + half)
        );
    }
}
