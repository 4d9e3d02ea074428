using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Geometry;

[TestClass]
public sealed class ImageGeometryTests
{
    private static readonly (int Width, int Height)[] ExtremeSizes =
    [
        (1, 1),
        (1, 5000),
        (5000, 1),
        (336, 336),
        (337, 336),
        (336, 337),
        (335, 336),
        (2, 3),
        (4000, 3),
        (500, 338),
        (281, 400),
        (24, 576),
    ];

    // 27 x 27 cells of 14 pixels leave 6 of 384 pixels; 14 x 14 cells of 27.43 fill them.
    private static readonly (int Width, int Height, MapGrid Grid, double CellWidth, double CellHeight)[] Inputs =
    [
        (336, 336, new(24, 24), 14, 14),
        (56, 56, new(4, 4), 14, 14),
        (512, 320, new(10, 16), 32, 32),
        (320, 512, new(16, 10), 32, 32),
        (384, 384, new(27, 27), 14, 14),
        (384, 384, new(14, 14), 384.0 / 14, 384.0 / 14),
        (100, 37, new(3, 7), 12.3, 11.7),
        (9, 1, new(1, 9), 1, 1),
    ];

    [TestMethod]
    public void PadCentersTheImageInItsLongEdge()
    {
        var geometry = ImageGeometry.Create(ImageFit.Pad, 500, 337, 250, 250, new(10, 10), 25, 25);
        Assert.AreEqual(0.5, geometry.ScaleX);
        Assert.AreEqual(0.5, geometry.ScaleY);
        Assert.AreEqual(0, geometry.OffsetX);
        Assert.AreEqual(81 * 0.5, geometry.OffsetY, "163 rows are padding; the smaller half comes first.");
        Assert.AreEqual((50, 25 + 40.5), geometry.ToInput(100, 50));
    }

    [TestMethod]
    public void PadCentersTheImageOnTheSmallestCanvasOfTheInputsShape()
    {
        // Of 16 : 10: as wide as the image, 500, and 312.5 high.
        var wide = ImageGeometry.Create(ImageFit.Pad, 500, 200, 512, 320, new(10, 16), 32, 32);
        Assert.AreEqual(512.0 / 500, wide.ScaleX);
        Assert.AreEqual(320.0 / 313, wide.ScaleY);
        Assert.AreEqual(0, wide.OffsetX);
        Assert.AreEqual(56 * (320.0 / 313), wide.OffsetY, "113 rows are padding; the smaller half comes first.");

        // As high as the image, 200, and 320 wide.
        var tall = ImageGeometry.Create(ImageFit.Pad, 100, 200, 512, 320, new(10, 16), 32, 32);
        Assert.AreEqual((1.6, 1.6, 110 * 1.6, 0.0), (tall.ScaleX, tall.ScaleY, tall.OffsetX, tall.OffsetY));
    }

    [TestMethod]
    public void CropResizesTheShortEdgeAndRoundsTheLongOneDown()
    {
        var geometry = ImageGeometry.Create(ImageFit.Crop, 500, 338, 336, 336, new(24, 24), 14, 14);
        Assert.AreEqual(497.0 / 500, geometry.ScaleX);
        Assert.AreEqual(336.0 / 338, geometry.ScaleY);
        Assert.AreEqual(-80, geometry.OffsetX, "161 columns are cut; the smaller half comes first.");
        Assert.AreEqual(0, geometry.OffsetY);
        Assert.IsFalse(geometry.TryGetCell(80, 100, out int row, out int column));
        Assert.AreEqual((-1, -1), (row, column));
        Assert.IsTrue(geometry.TryGetCell(81, 100, out _, out column));
        Assert.AreEqual(0, column);
    }

    [TestMethod]
    public void CropResizesTheEdgeThatIsShorterThanTheInputsShape()
    {
        // Wider than high, but not as wide as 16 : 10: its width is resized to 512, its height to 409 of which 320 are kept.
        var geometry = ImageGeometry.Create(ImageFit.Crop, 500, 400, 512, 320, new(10, 16), 32, 32);
        Assert.AreEqual((512.0 / 500, 409.0 / 400, 0.0, -44.0), (geometry.ScaleX, geometry.ScaleY, geometry.OffsetX, geometry.OffsetY));
        Assert.IsFalse(geometry.TryGetCell(250, 43, out _, out _));
        Assert.IsTrue(geometry.TryGetCell(499, 200, out int row, out int column));
        Assert.AreEqual((5, 15), (row, column));
    }

    [TestMethod]
    [DataRow(ImageFit.Stretch)]
    [DataRow(ImageFit.Native)]
    public void StretchScalesEachEdgeOnItsOwn(ImageFit fit)
    {
        var geometry = ImageGeometry.Create(fit, 400, 200, 160, 100, new(10, 16), 10, 10);
        Assert.AreEqual((0.4, 0.5, 0.0, 0.0), (geometry.ScaleX, geometry.ScaleY, geometry.OffsetX, geometry.OffsetY));
        Assert.IsTrue(geometry.TryGetCell(399, 21, out int row, out int column));
        Assert.AreEqual((1, 15), (row, column));
        Assert.AreEqual((375, 20, 400, 40), geometry.CellToPixels(1, 15));
    }

    [TestMethod]
    public void SquaresAreFittedAsOneNumberSays()
    {
        foreach ((int width, int height, int size, int grid) in Squares(seed: 6))
        {
            double cell = (double)size / grid;
            var pad = ImageGeometry.Create(ImageFit.Pad, width, height, size, size, new(grid, grid), cell, cell);
            int side = Math.Max(width, height);
            double scale = (double)size / side;
            Assert.AreEqual(
                (scale, scale, (side - width) / 2 * scale, (side - height) / 2 * scale),
                (pad.ScaleX, pad.ScaleY, pad.OffsetX, pad.OffsetY)
            );

            var crop = ImageGeometry.Create(ImageFit.Crop, width, height, size, size, new(grid, grid), cell, cell);
            int resized = (int)((long)size * side / Math.Min(width, height));
            (int toWidth, int toHeight) = width <= height ? (size, resized) : (resized, size);
            Assert.AreEqual(
                ((double)toWidth / width, (double)toHeight / height, (double)-((toWidth - size) / 2), (double)-((toHeight - size) / 2)),
                (crop.ScaleX, crop.ScaleY, crop.OffsetX, crop.OffsetY)
            );
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    [DataRow(ImageFit.Stretch)]
    public void EveryPixelFallsIntoTheCellWhoseRectangleHoldsIt(ImageFit fit)
    {
        foreach (ImageGeometry geometry in Geometries(fit, seed: 1))
        {
            (int width, int height) = (geometry.ImageWidth, geometry.ImageHeight);
            (double frameWidth, double frameHeight) = (
                geometry.CellWidth * geometry.Grid.Width,
                geometry.CellHeight * geometry.Grid.Height
            );
            (int stepX, int stepY) = (Math.Max(1, width / 41), Math.Max(1, height / 41));
            for (int y = 0; y < height; y += stepY)
            {
                for (int x = 0; x < width; x += stepX)
                {
                    if (!geometry.TryGetCell(x + 0.5, y + 0.5, out int row, out int column))
                    {
                        (double inputX, double inputY) = geometry.ToInput(x + 0.5, y + 0.5);
                        Assert.IsTrue(
                            inputX < 0 || inputX >= frameWidth - 1e-9 || inputY < 0 || inputY >= frameHeight - 1e-9,
                            $"{geometry}"
                        );
                        Assert.IsTrue(
                            fit == ImageFit.Crop || inputX >= frameWidth - 1e-9 || inputY >= frameHeight - 1e-9,
                            "Only a crop and the grid's end lose pixels."
                        );
                        continue;
                    }
                    Assert.IsTrue(row >= 0 && row < geometry.Grid.Height && column >= 0 && column < geometry.Grid.Width);
                    (double left, double top, double right, double bottom) = geometry.CellToPixels(row, column);
                    double tolerance = 1e-9 * Math.Max(width, height);
                    Assert.IsTrue(
                        left - tolerance <= x + 0.5
                            && x + 0.5 <= right + tolerance
                            && top - tolerance <= y + 0.5
                            && y + 0.5 <= bottom + tolerance,
                        $"{geometry}: pixel ({x}, {y}) is said to lie in cell ({row}, {column}), [{left}, {right}] x [{top}, {bottom}]."
                    );
                }
            }
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    [DataRow(ImageFit.Stretch)]
    public void MappingThereAndBackIsTheIdentity(ImageFit fit)
    {
        var random = new Random(2);
        foreach (ImageGeometry geometry in Geometries(fit, seed: 3))
        {
            (double x, double y) = (random.NextDouble() * geometry.ImageWidth, random.NextDouble() * geometry.ImageHeight);
            (double inputX, double inputY) = geometry.ToInput(x, y);
            (double backX, double backY) = geometry.ToPixel(inputX, inputY);
            Assert.AreEqual(x, backX, 1e-9 * geometry.ImageWidth);
            Assert.AreEqual(y, backY, 1e-9 * geometry.ImageHeight);

            // The center of every cell that lies in the image is found in that cell.
            for (int cell = 0; cell < geometry.Grid.Cells; cell++)
            {
                (int row, int column) = (cell / geometry.Grid.Width, cell % geometry.Grid.Width);
                (double left, double top, double right, double bottom) = geometry.CellToPixels(row, column);
                bool inside = geometry.TryGetCell((left + right) / 2, (top + bottom) / 2, out int foundRow, out int foundColumn);
                if (inside)
                {
                    Assert.AreEqual((row, column), (foundRow, foundColumn));
                }
                Assert.IsTrue(inside || fit == ImageFit.Pad, "A crop leaves nothing but image.");
            }
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    [DataRow(ImageFit.Stretch)]
    public void FrameFractionsSumToWhatIsSeenOfTheImage(ImageFit fit)
    {
        foreach (ImageGeometry geometry in Geometries(fit, seed: 4))
        {
            float[] fractions = new float[geometry.Grid.Cells];
            geometry.FrameFractions(fractions);
            PixelRectangle view = geometry.View();
            double inCells = view.Width * geometry.ScaleX / geometry.CellWidth * (view.Height * geometry.ScaleY / geometry.CellHeight);
            Assert.AreEqual(inCells, fractions.Sum(fraction => (double)fraction), 1e-6 * fractions.Length, $"{geometry}");
            Assert.IsTrue(fractions.All(fraction => fraction is >= 0 and <= 1));
            if (fit != ImageFit.Pad)
            {
                Assert.IsTrue(fractions.All(fraction => fraction > 1 - 1e-6f), $"{geometry}");
            }
        }
    }

    [TestMethod]
    public void AGridThatEndsBeforeTheInputShowsLessOfTheImage()
    {
        // 378 of 384 pixels each way.
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 768, 384, 384, 384, new(27, 27), 14, 14);
        Assert.AreEqual(new PixelRectangle(0, 0, 756, 378), geometry.View());
        Assert.IsTrue(geometry.TryGetCell(755.9, 377.9, out int row, out int column));
        Assert.AreEqual((26, 26), (row, column));
        Assert.IsFalse(geometry.TryGetCell(756, 100, out _, out _));
        Assert.IsFalse(geometry.TryGetCell(100, 378, out _, out _));
        Assert.AreEqual((728, 364, 756, 378), geometry.CellToPixels(26, 26));
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    [DataRow(ImageFit.Stretch)]
    public void TheVectorHoldsTheGeometryExactly(ImageFit fit)
    {
        foreach (ImageGeometry geometry in Geometries(fit, seed: 5))
        {
            float[] vector = new float[ImageGeometry.Length];
            geometry.CopyTo(vector);
            Assert.AreEqual(geometry, ImageGeometry.FromVector(vector));
        }
    }

    [TestMethod]
    public void TheVectorsNumbersAreInTheOrderOfItsDescription()
    {
        float[] vector = new float[ImageGeometry.Length];
        ImageGeometry.Create(ImageFit.Stretch, 400, 200, 100, 120, new(10, 8), 12, 11.5).CopyTo(vector);
        CollectionAssert.AreEqual(new float[] { 400, 200, 100, 120, 0.25f, 0.6f, 0, 0, 10, 8, 12, 11.5f }, vector);
    }

    [TestMethod]
    public void TheVectorOfAnotherFitIsReadAsItIs()
    {
        var placed = ImageGeometry.FromVector([400, 200, 100, 100, 0.25f, 0.5f, 10, -20, 5, 10, 10, 20]);
        Assert.AreEqual((400, 200, 100, 100), (placed.ImageWidth, placed.ImageHeight, placed.InputWidth, placed.InputHeight));
        Assert.AreEqual(new MapGrid(5, 10), placed.Grid);
        Assert.IsTrue(placed.TryGetCell(200, 199, out int row, out int column));
        Assert.AreEqual((3, 6), (row, column));
        Assert.AreEqual((0, 40, 40, 80), placed.CellToPixels(0, 1));
    }

    [TestMethod]
    public void PointsOutsideTheImageHaveNoCell()
    {
        var geometry = ImageGeometry.Create(ImageFit.Pad, 100, 50, 56, 56, new(4, 4), 14, 14);
        foreach (
            (double x, double y) in new (double X, double Y)[]
            {
                (-0.01, 10),
                (100, 10),
                (10, -0.01),
                (10, 50),
                (double.NaN, 10),
                (10, double.NaN),
            }
        )
        {
            Assert.IsFalse(geometry.TryGetCell(x, y, out _, out _), $"({x}, {y})");
        }
        Assert.IsTrue(geometry.TryGetCell(0, 0, out int row, out _));
        Assert.AreEqual(1, row, "The first quarter of the square is padding.");
    }

    [TestMethod]
    public void APointAtTheEndOfAPortraitOrALandscapeLiesOutside()
    {
        ImageGeometry portrait = SquareGeometry.Create(ImageFit.Pad, 50, 100, 56, 4);
        Assert.IsFalse(portrait.TryGetCell(50, 10, out int row, out int column), "Beyond the width there is padding, and no image.");
        Assert.AreEqual((-1, -1), (row, column));
        Assert.IsTrue(portrait.TryGetCell(Math.BitDecrement(50), 10, out row, out column));
        Assert.AreEqual((0, 2), (row, column), "75 of 100 pixels: just before the border of the last two columns.");
        ImageGeometry landscape = SquareGeometry.Create(ImageFit.Pad, 100, 50, 56, 4);
        Assert.IsFalse(landscape.TryGetCell(10, 50, out _, out _), "Beyond the height there is padding, and no image.");
        Assert.IsTrue(landscape.TryGetCell(10, Math.BitDecrement(50), out row, out column));
        Assert.AreEqual((2, 0), (row, column));
        Assert.IsTrue(SquareGeometry.Create(ImageFit.Pad, 77, 77, 336, 24).TryGetCell(Math.BitDecrement(77), 0, out _, out column));
        Assert.AreEqual(23, column);
    }

    [TestMethod]
    public void APointOnTheBorderOfTwoCellsLiesInTheSecond()
    {
        foreach ((int size, int grid) in new[] { (336, 24), (56, 4), (384, 27), (448, 32) })
        {
            for (int side = grid; side < 1000; side++)
            {
                // Portraits too: an odd number of columns of padding comes after.
                ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, side, side, size, grid);
                ImageGeometry portrait = SquareGeometry.Create(ImageFit.Pad, side / 2, side, size, grid);
                int padding = (side - side / 2) / 2;
                for (int cell = 0; cell < grid; cell++)
                {
                    if (side * cell % grid != 0)
                    {
                        continue;
                    }
                    int border = side * cell / grid;
                    Assert.IsTrue(geometry.TryGetCell(border, border, out int row, out int column));
                    Assert.AreEqual((cell, cell), (row, column), $"{border} of {side} pixels on {grid} cells of {size}");
                    if (portrait.TryGetCell(border - padding, border, out row, out column))
                    {
                        Assert.AreEqual(
                            (cell, cell),
                            (row, column),
                            $"{border} of {side} pixels with {padding} of padding on {grid} cells of {size}"
                        );
                    }
                }
            }
        }
    }

    [TestMethod]
    public void ACropBeginsAndEndsAtItsBorders()
    {
        // 900 x 300 to 70 high: 210 wide, of which 70 to 140 are seen, so pixels 300 to 600.
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Crop, 900, 300, 70, 5);
        Assert.IsTrue(geometry.TryGetCell(300, 0, out int row, out int column));
        Assert.AreEqual((0, 0), (row, column));
        Assert.IsFalse(geometry.TryGetCell(299.99, 0, out _, out _));
        Assert.IsTrue(geometry.TryGetCell(599.99, 299, out row, out column));
        Assert.AreEqual((4, 4), (row, column));
        Assert.IsFalse(geometry.TryGetCell(600, 0, out row, out column));
        Assert.AreEqual((-1, -1), (row, column));
    }

    [TestMethod]
    [DataRow(1, 16_777_215, 336)]
    [DataRow(int.MaxValue, 1, int.MaxValue)]
    [DataRow(1, int.MaxValue, 336)]
    public void SizesOfAnyExtremeHaveAGeometry(int width, int height, int size)
    {
        foreach (ImageFit fit in Enum.GetValues<ImageFit>())
        {
            ImageGeometry geometry = SquareGeometry.Create(fit, width, height, size, 24);
            Assert.IsTrue(geometry.TryGetCell(width / 2.0, height / 2.0, out int row, out int column));
            Assert.AreEqual((12, 12), (row, column), $"{fit} {width} x {height}: the middle stays the middle.");
            (double left, double top) = geometry.ToPixel(0, 0);
            Assert.IsTrue(fit == ImageFit.Pad ? left <= 0 && top <= 0 : left >= 0 && top >= 0);
        }
    }

    [TestMethod]
    public void ACanvasOfTooLongASideIsRefusedWithItsSizes()
    {
        // 16,777,216 rows are the most.
        Assert.AreEqual((1_048_576, 16_777_216), ImageGeometry.PaddedSize(1_048_576, 1, 14, 224));
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.PaddedSize(1_048_577, 1, 14, 224)).Message;
        StringAssert.Contains(message, "1048577 x 1 pixels");
        StringAssert.Contains(message, "1048577 x 16777232");
        StringAssert.Contains(message, "ImageFit.Crop");
        foreach ((int width, int height) in ((int, int)[])[(1_000_000, 1), (1, 1_000_000), (int.MaxValue, 1), (1, int.MaxValue)])
        {
            (int inputWidth, int inputHeight) = width > height ? (14, 57_344) : (57_344, 14);
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.PaddedSize(width, height, inputWidth, inputHeight));
        }
    }

    [TestMethod]
    public void BadArgumentsAreNamed()
    {
        MapGrid grid = new(2, 2);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create(ImageFit.Pad, 0, 1, 4, 4, grid, 1, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create(ImageFit.Pad, 1, 1, 4, 0, grid, 1, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create((ImageFit)7, 1, 1, 4, 4, grid, 1, 1));
        Assert.AreEqual(
            "grid",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create(ImageFit.Pad, 1, 1, 4, 4, default, 1, 1)).ParamName
        );
        foreach (double size in (double[])[0, -1, 2.01, double.NaN, double.PositiveInfinity])
        {
            Assert.AreEqual(
                "cellWidth",
                Assert
                    .ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create(ImageFit.Pad, 1, 1, 4, 4, grid, size, 1))
                    .ParamName
            );
            Assert.AreEqual(
                "cellHeight",
                Assert
                    .ThrowsExactly<ArgumentOutOfRangeException>(() => ImageGeometry.Create(ImageFit.Pad, 1, 1, 4, 4, grid, 1, size))
                    .ParamName
            );
        }

        float[] good = [4, 4, 4, 4, 1, 1, 0, 0, 2, 2, 1, 1];
        Assert.AreEqual(4, ImageGeometry.FromVector(good).InputHeight);
        StringAssert.Contains(Message(with: 5, float.NaN), "Element 5");
        StringAssert.Contains(Message(with: 4, 0), "Element 4");
        StringAssert.Contains(Message(with: 7, float.PositiveInfinity), "Element 7");
        StringAssert.Contains(Message(with: 11, 0), "Element 11");
        StringAssert.Contains(Message(with: 10, 2.5f), "2 cells of 2.5 pixels");
        foreach (int index in (int[])[0, 1, 2, 3, 8, 9])
        {
            foreach (float size in (float[])[0, 0.5f, 640.7f, -3, 1e9f])
            {
                StringAssert.Contains(Message(index, size), $"Element {index}");
            }
        }
        Assert.Throws<ArgumentException>(() =>
            ImageGeometry.FromVector([4, 4, 16_000_000, 16_000_000, 1, 1, 0, 0, 16_000_000, 16_000_000, 1, 1])
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ImageGeometry.FromVector([1, 2, 3, 4, 5, 6, 7])).Message,
            "12 numbers, this vector has 7"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ImageGeometry.FromVector(good, new MapGrid(2, 3))).Message,
            "2 x 2 cells, the maps have 2 x 3"
        );

        // So long that no crop of it exists.
        Assert.AreEqual(16_000_000, ImageGeometry.FromVector([1, 16_000_000, 336, 336, 1, 1, 0, 0, 24, 24, 14, 14]).ImageHeight);

        string Message(int with, float number)
        {
            float[] vector = [.. good];
            vector[with] = number;
            return Assert.Throws<ArgumentException>(() => ImageGeometry.FromVector(vector)).Message;
        }
    }

    private static IEnumerable<ImageGeometry> Geometries(ImageFit fit, int seed)
    {
        foreach ((int width, int height, int size, int grid) in Squares(seed))
        {
            yield return ImageGeometry.Create(
                fit,
                width,
                height,
                size,
                size,
                new MapGrid(grid, grid),
                (double)size / grid,
                (double)size / grid
            );
        }
        var random = new Random(seed);
        foreach (
            (int width, int height) in ExtremeSizes.Concat(Enumerable.Range(0, 10).Select(_ => (random.Next(1, 900), random.Next(1, 900))))
        )
        {
            foreach ((int inputWidth, int inputHeight, MapGrid grid, double cellWidth, double cellHeight) in Inputs)
            {
                yield return ImageGeometry.Create(fit, width, height, inputWidth, inputHeight, grid, cellWidth, cellHeight);
            }
        }
    }

    private static IEnumerable<(int Width, int Height, int Size, int Grid)> Squares(int seed)
    {
        var random = new Random(seed);
        foreach ((int width, int height) in ExtremeSizes)
        {
            yield return (width, height, 336, 24);
            yield return (width, height, 56, 4);
        }
        for (int repetition = 0; repetition < 60; repetition++)
        {
            int grid = random.Next(1, 28);
            yield return (random.Next(1, 900), random.Next(1, 900), grid * random.Next(1, 15), grid);
        }
    }
}
