
namespace MLNetGrounding.Maths.Geometry;

[TestClass]
public sealed class ImageGeometryTests
{
    private static readonly (int Width, int Height)[] ExtremeSizes =
        [(1, 1), (1, 5000), (5000, 1), (336, 336), (337, 336), (336, 337), (335, 336), (2, 3), (4000, 3), (500, 338), (281, 400), (24, 576)];

    [TestMethod]
    public void PadCentersTheImageInItsLongEdge()
    {
        var geometry = ImageGeometry.Create(ImageFit.Pad, 500, 337, 250);
        Assert.AreEqual(0.5, geometry.ScaleX);
        Assert.AreEqual(0.5, geometry.ScaleY);
        Assert.AreEqual(0, geometry.OffsetX);
        Assert.AreEqual(81 * 0.5, geometry.OffsetY, "163 rows are padding; the smaller half comes first.");
        Assert.AreEqual((50, 25 + 40.5), geometry.ToInput(100, 50));
    }

    [TestMethod]
    public void CenterCropResizesTheShortEdgeAndRoundsTheLongOneDown()
    {
        var geometry = ImageGeometry.Create(ImageFit.CenterCrop, 500, 338, 336);
        Assert.AreEqual(497.0 / 500, geometry.ScaleX);
        Assert.AreEqual(336.0 / 338, geometry.ScaleY);
        Assert.AreEqual(-80, geometry.OffsetX, "161 columns are cut; the smaller half comes first.");
        Assert.AreEqual(0, geometry.OffsetY);
        Assert.IsFalse(geometry.TryGetCell(80, 100, 24, out var row, out var column));
        Assert.AreEqual((-1, -1), (row, column));
        Assert.IsTrue(geometry.TryGetCell(81, 100, 24, out _, out column));
        Assert.AreEqual(0, column);
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.CenterCrop)]
    public void EveryPixelFallsIntoTheCellWhoseRectangleHoldsIt(ImageFit fit)
    {
        foreach (var (width, height, size, grid) in Shapes(seed: 1))
        {
            var geometry = ImageGeometry.Create(fit, width, height, size);
            var (stepX, stepY) = (Math.Max(1, width / 61), Math.Max(1, height / 61));
            for (var y = 0; y < height; y += stepY)
            {
                for (var x = 0; x < width; x += stepX)
                {
                    if (!geometry.TryGetCell(x + 0.5, y + 0.5, grid, out var row, out var column))
                    {
                        var (inputX, inputY) = geometry.ToInput(x + 0.5, y + 0.5);
                        Assert.AreEqual(ImageFit.CenterCrop, fit, "Padding loses no pixel.");
                        Assert.IsTrue(inputX < 0 || inputX >= size || inputY < 0 || inputY >= size);
                        continue;
                    }
                    var (left, top, right, bottom) = geometry.CellToPixels(row, column, grid);
                    var tolerance = 1e-9 * Math.Max(width, height);
                    Assert.IsTrue(
                        left - tolerance <= x + 0.5 && x + 0.5 <= right + tolerance && top - tolerance <= y + 0.5 && y + 0.5 <= bottom + tolerance,
                        $"{fit} {width} x {height}: pixel ({x}, {y}) is said to lie in cell ({row}, {column}), [{left}, {right}] x [{top}, {bottom}].");
                }
            }
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.CenterCrop)]
    public void MappingThereAndBackIsTheIdentity(ImageFit fit)
    {
        var random = new Random(2);
        foreach (var (width, height, size, grid) in Shapes(seed: 3))
        {
            var geometry = ImageGeometry.Create(fit, width, height, size);
            var (x, y) = (random.NextDouble() * width, random.NextDouble() * height);
            var (inputX, inputY) = geometry.ToInput(x, y);
            var (backX, backY) = geometry.ToPixel(inputX, inputY);
            Assert.AreEqual(x, backX, 1e-9 * width);
            Assert.AreEqual(y, backY, 1e-9 * height);

            // The center of every cell that lies in the image is found in that cell.
            for (var cell = 0; cell < grid * grid; cell++)
            {
                var (left, top, right, bottom) = geometry.CellToPixels(cell / grid, cell % grid, grid);
                var inside = geometry.TryGetCell((left + right) / 2, (top + bottom) / 2, grid, out var row, out var column);
                if (inside)
                {
                    Assert.AreEqual((cell / grid, cell % grid), (row, column));
                }
                Assert.IsTrue(inside || fit == ImageFit.Pad, "A crop leaves nothing but image.");
            }
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.CenterCrop)]
    public void FrameFractionsSumToTheFrame(ImageFit fit)
    {
        foreach (var (width, height, size, grid) in Shapes(seed: 4))
        {
            var geometry = ImageGeometry.Create(fit, width, height, size);
            var fractions = new float[grid * grid];
            geometry.FrameFractions(grid, fractions);
            var longEdge = (double)Math.Max(width, height);
            var share = fit == ImageFit.Pad ? width / longEdge * (height / longEdge) : 1;
            Assert.AreEqual(share * grid * grid, fractions.Sum(fraction => (double)fraction), 1e-6 * grid * grid, $"{fit} {width} x {height}");
            Assert.IsTrue(fractions.All(fraction => fraction is >= 0 and <= 1));
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.CenterCrop)]
    public void TheVectorHoldsTheGeometryExactly(ImageFit fit)
    {
        foreach (var (width, height, size, _) in Shapes(seed: 5))
        {
            var geometry = ImageGeometry.Create(fit, width, height, size);
            var vector = new float[ImageGeometry.Length];
            geometry.CopyTo(vector);
            Assert.AreEqual(geometry, ImageGeometry.FromVector(vector));
        }
    }

    [TestMethod]
    public void TheVectorOfAnotherFitIsReadAsItIs()
    {
        var stretched = ImageGeometry.FromVector([400, 200, 100, 0.25f, 0.5f, 0, 0]);
        Assert.AreEqual((400, 200, 100), (stretched.ImageWidth, stretched.ImageHeight, stretched.InputSize));
        Assert.IsTrue(stretched.TryGetCell(399, 199, 10, out var row, out var column));
        Assert.AreEqual((9, 9), (row, column));
        Assert.AreEqual((40, 20, 80, 40), stretched.CellToPixels(1, 1, 10));
    }

    [TestMethod]
    public void PointsOutsideTheImageHaveNoCell()
    {
        var geometry = ImageGeometry.Create(ImageFit.Pad, 100, 50, 56);
        foreach (var (x, y) in new (double X, double Y)[] { (-0.01, 10), (100, 10), (10, -0.01), (10, 50), (double.NaN, 10), (10, double.NaN) })
        {
            Assert.IsFalse(geometry.TryGetCell(x, y, 4, out _, out _), $"({x}, {y})");
        }
        Assert.IsTrue(geometry.TryGetCell(0, 0, 4, out var row, out _));
        Assert.AreEqual(1, row, "The first quarter of the square is padding.");
    }

    [TestMethod]
    public void APointAtTheEndOfAPortraitOrALandscapeLiesOutside()
    {
        var portrait = ImageGeometry.Create(ImageFit.Pad, 50, 100, 56);
        Assert.IsFalse(portrait.TryGetCell(50, 10, 4, out var row, out var column), "Beyond the width there is padding, and no image.");
        Assert.AreEqual((-1, -1), (row, column));
        Assert.IsTrue(portrait.TryGetCell(Math.BitDecrement(50), 10, 4, out row, out column));
        Assert.AreEqual((0, 2), (row, column), "75 of 100 pixels: just before the border of the last two columns.");
        var landscape = ImageGeometry.Create(ImageFit.Pad, 100, 50, 56);
        Assert.IsFalse(landscape.TryGetCell(10, 50, 4, out _, out _), "Beyond the height there is padding, and no image.");
        Assert.IsTrue(landscape.TryGetCell(10, Math.BitDecrement(50), 4, out row, out column));
        Assert.AreEqual((2, 0), (row, column));
        Assert.IsTrue(ImageGeometry.Create(ImageFit.Pad, 77, 77, 336).TryGetCell(Math.BitDecrement(77), 0, 24, out _, out column));
        Assert.AreEqual(23, column);
    }

    [TestMethod]
    public void APointOnTheBorderOfTwoCellsLiesInTheSecond()
    {
        foreach (var (size, grid) in new[] { (336, 24), (56, 4), (384, 27), (448, 32) })
        {
            for (var side = grid; side < 1000; side++)
            {
                // Portraits too: an odd number of columns of padding comes after.
                var geometry = ImageGeometry.Create(ImageFit.Pad, side, side, size);
                var portrait = ImageGeometry.Create(ImageFit.Pad, side / 2, side, size);
                var padding = (side - side / 2) / 2;
                for (var cell = 0; cell < grid; cell++)
                {
                    if (side * cell % grid != 0)
                    {
                        continue;
                    }
                    var border = side * cell / grid;
                    Assert.IsTrue(geometry.TryGetCell(border, border, grid, out var row, out var column));
                    Assert.AreEqual((cell, cell), (row, column), $"{border} of {side} pixels on {grid} cells of {size}");
                    if (portrait.TryGetCell(border - padding, border, grid, out row, out column))
                    {
                        Assert.AreEqual((cell, cell), (row, column), $"{border} of {side} pixels with {padding} of padding on {grid} cells of {size}");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void ACropBeginsAndEndsAtItsBorders()
    {
        // 900 x 300 to 70 high: 210 wide, of which 70 to 140 are seen, so pixels 300 to 600.
        var geometry = ImageGeometry.Create(ImageFit.CenterCrop, 900, 300, 70);
        Assert.IsTrue(geometry.TryGetCell(300, 0, 5, out var row, out var column));
        Assert.AreEqual((0, 0), (row, column));
        Assert.IsFalse(geometry.TryGetCell(299.99, 0, 5, out _, out _));
        Assert.IsTrue(geometry.TryGetCell(599.99, 299, 5, out row, out column));
        Assert.AreEqual((4, 4), (row, column));
        Assert.IsFalse(geometry.TryGetCell(600, 0, 5, out row, out column));
        Assert.AreEqual((-1, -1), (row, column));
    }

    [TestMethod]
    [DataRow(1, 16_777_215, 336)]
    [DataRow(int.MaxValue, 1, int.MaxValue)]
    [DataRow(1, int.MaxValue, 336)]
    public void SizesOfAnyExtremeHaveAGeometry(int width, int height, int size)
    {
        foreach (var fit in Enum.GetValues<ImageFit>())
        {
            var geometry = ImageGeometry.Create(fit, width, height, size);
            Assert.IsTrue(geometry.TryGetCell(width / 2.0, height / 2.0, 24, out var row, out var column));
            Assert.AreEqual((12, 12), (row, column), $"{fit} {width} x {height}: the middle stays the middle.");
            var (left, top) = geometry.ToPixel(0, 0);
            Assert.IsTrue(fit == ImageFit.Pad ? left <= 0 && top <= 0 : left >= 0 && top >= 0);
        }
    }

    [TestMethod]
    public void BadArgumentsAreNamed()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create(ImageFit.Pad, 0, 1, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create((ImageFit)7, 1, 1, 1));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ImageGeometry.FromVector([4, 4, 4, 1, float.NaN, 0, 0])).Message, "Element 4");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ImageGeometry.FromVector([4, 4, 4, 0, 1, 0, 0])).Message, "Element 3");
        Assert.ThrowsExactly<ArgumentException>(() => ImageGeometry.FromVector([1, 2, 3]));
        foreach (float size in new[] { 0, 0.5f, 640.7f, -3, 1e9f })
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => ImageGeometry.FromVector([4, size, 4, 1, 1, 0, 0])).Message, "Element 1");
        }

        // So long that no crop of it exists.
        Assert.AreEqual(16_000_000, ImageGeometry.FromVector([1, 16_000_000, 336, 1, 1, 0, 0]).ImageHeight);
    }

    private static IEnumerable<(int Width, int Height, int Size, int Grid)> Shapes(int seed)
    {
        var random = new Random(seed);
        foreach (var (width, height) in ExtremeSizes)
        {
            yield return (width, height, 336, 24);
            yield return (width, height, 56, 4);
        }
        for (var repetition = 0; repetition < 60; repetition++)
        {
            var grid = random.Next(1, 28);
            yield return (random.Next(1, 900), random.Next(1, 900), grid * random.Next(1, 15), grid);
        }
    }
}
