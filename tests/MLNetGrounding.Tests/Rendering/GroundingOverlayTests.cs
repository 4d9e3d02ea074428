using Microsoft.ML.Data;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Rendering;

[TestClass]
public sealed class GroundingOverlayTests
{
    private const int Grid = 4;
    private const int InputSize = 56;

    // The boxes are worked out by hand: a padded image of 400 x 200 is a square of 400 whose cells have 100 pixels and whose first
    // 100 rows are padding; cropped, the square is the middle 200 columns and a cell has 50 pixels.
    [TestMethod]
    [DataRow(ImageFit.Pad, 400, 200, 1, 2, 200, 0, 300, 100, DisplayName = "wide, padded")]
    [DataRow(ImageFit.Pad, 200, 400, 3, 1, 0, 300, 100, 400, DisplayName = "tall, padded")]
    [DataRow(ImageFit.Pad, 400, 300, 0, 1, 100, 0, 200, 50, DisplayName = "a cell that is half padding")]
    [DataRow(ImageFit.Crop, 400, 200, 1, 2, 200, 50, 250, 100, DisplayName = "wide, cropped")]
    [DataRow(ImageFit.Crop, 200, 400, 3, 0, 0, 250, 50, 300, DisplayName = "tall, cropped")]
    [DataRow(ImageFit.Pad, 200, 200, 2, 3, 150, 100, 200, 150, DisplayName = "square")]
    public void OneHotCellCoversItsPixels(
        ImageFit fit,
        int width,
        int height,
        int row,
        int column,
        int left,
        int top,
        int right,
        int bottom
    )
    {
        using MLImage image = GrayImage(width, height);
        ImageGeometry geometry = SquareGeometry.Create(fit, width, height, InputSize, Grid);
        using var overlay = new GroundingOverlay(image, geometry);
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawMap(OneHot(row, column)).ToImage();

        Assert.AreEqual((left, top, right, bottom), DrawnPixels.OfDifference(before, after));
    }

    [TestMethod]
    public void AMapIsEnlargedWithItsImage()
    {
        using MLImage image = GrayImage(400, 200);
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 400, 200, InputSize, Grid);
        using var overlay = new GroundingOverlay(image, geometry, new GroundingOverlayOptions { LongEdge = 1200 });
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawMap(OneHot(1, 2)).ToImage();

        Assert.AreEqual((1200, 600), (before.Width, before.Height));
        Assert.AreEqual((600, 0, 900, 300), DrawnPixels.OfDifference(before, after));
    }

    [TestMethod]
    public void ACellOfPaddingOnlyChangesNothing()
    {
        using MLImage image = GrayImage(400, 200);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Pad, 400, 200, InputSize, Grid));
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawMap(OneHot(0, 1)).DrawRegion(OneHot(0, 1)).ToImage();

        Assert.IsNull(DrawnPixels.OfDifference(before, after));
    }

    [TestMethod]
    public void AConstantMapChangesNothing()
    {
        using MLImage image = GrayImage(64, 64);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Pad, 64, 64, InputSize, Grid));
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawMap(new float[Grid * Grid]).DrawRegion(new float[Grid * Grid]).ToImage();

        Assert.IsNull(DrawnPixels.OfDifference(before, after));
    }

    [TestMethod]
    public void TheRegionsOutlineRunsAlongTheBordersOfItsCells()
    {
        using MLImage image = GrayImage(480, 480);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Pad, 480, 480, InputSize, Grid));
        using MLImage before = overlay.ToImage();
        float[] map = OneHot(1, 1);
        map[(1 * Grid) + 2] = 0.5f;
        map[(2 * Grid) + 2] = 0.01f;

        using MLImage after = overlay.DrawRegion(map, threshold: 0.05).ToImage();

        // Two cells of 120 pixels side by side; at this size a line with its rim is 4 pixels wide, half of them outside.
        Assert.AreEqual((118, 118, 362, 242), DrawnPixels.OfDifference(before, after));
        Assert.IsTrue(IsWhite(after, 240, 120), "outer border");
        Assert.IsTrue(IsWhite(after, 120, 180), "outer border");
        Assert.IsTrue(
            DrawnPixels.Pixel(after, 240, 180).SequenceEqual(DrawnPixels.Pixel(before, 240, 180)),
            "no line between two cells of the region"
        );
    }

    [TestMethod]
    public void WhatACropRemovedIsDarkened()
    {
        using MLImage image = GrayImage(400, 200);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Crop, 400, 200, InputSize, Grid));

        using MLImage picture = overlay.ToImage();

        Assert.IsLessThan(DrawnPixels.Pixel(picture, 100, 50)[0], DrawnPixels.Pixel(picture, 99, 50)[0]);
        Assert.IsLessThan(DrawnPixels.Pixel(picture, 299, 50)[0], DrawnPixels.Pixel(picture, 300, 50)[0]);
    }

    [TestMethod]
    [DataRow(KeyPointMark.Plain)]
    [DataRow(KeyPointMark.Hit)]
    [DataRow(KeyPointMark.Miss)]
    public void AKeyPointIsMarkedAroundItsPixel(KeyPointMark mark)
    {
        using MLImage image = GrayImage(480, 320);
        using var overlay = new GroundingOverlay(
            image,
            SquareGeometry.Create(ImageFit.Pad, 480, 320, InputSize, Grid),
            new GroundingOverlayOptions { LongEdge = 960 }
        );
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawKeyPoint(100, 200, mark).ToImage();

        (int left, int top, int right, int bottom) = DrawnPixels.OfDifference(before, after)!.Value;
        Assert.AreEqual(200, (left + right) / 2.0);
        Assert.AreEqual(400, (top + bottom) / 2.0);
        Assert.IsInRange(12, 40, right - left);
    }

    [TestMethod]
    public void HitAndMissDifferInShape()
    {
        using MLImage image = GrayImage(480, 480);
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 480, 480, InputSize, Grid);
        using var overlay = new GroundingOverlay(image, geometry);
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay
            .DrawKeyPoint(100.5f, 100.5f, KeyPointMark.Hit)
            .DrawKeyPoint(300.5f, 100.5f, KeyPointMark.Miss)
            .ToImage();

        // Five pixels right of its middle a disc is filled, a cross is not.
        Assert.IsFalse(DrawnPixels.Pixel(after, 105, 100).SequenceEqual(DrawnPixels.Pixel(before, 105, 100)));
        Assert.IsTrue(DrawnPixels.Pixel(after, 305, 100).SequenceEqual(DrawnPixels.Pixel(before, 305, 100)));
    }

    [TestMethod]
    public void AScoredKeyPointIsMarkedByTheRegion()
    {
        using MLImage image = GrayImage(400, 200);
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 400, 200, InputSize, Grid);
        using var scored = new GroundingOverlay(image, geometry);
        using var marked = new GroundingOverlay(image, geometry);

        // The cell covers columns 200 to 300 and rows 0 to 100.
        scored.DrawScoredKeyPoint(201, 99, OneHot(1, 2)).DrawScoredKeyPoint(301, 99, OneHot(1, 2));
        marked.DrawKeyPoint(201, 99, KeyPointMark.Hit).DrawKeyPoint(301, 99, KeyPointMark.Miss);

        using MLImage expected = marked.ToImage();
        using MLImage actual = scored.ToImage();
        Assert.IsNull(DrawnPixels.OfDifference(expected, actual));
    }

    [TestMethod]
    public void ABoxIsDrawnAtItsPixels()
    {
        using MLImage image = GrayImage(480, 480);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Crop, 480, 480, InputSize, Grid));
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawBox(100, 200, 50, 80).ToImage();

        Assert.AreEqual((98, 198, 152, 282), DrawnPixels.OfDifference(before, after));
    }

    [TestMethod]
    public void ALabelNeedsNoFontOfTheSystem()
    {
        using MLImage image = GrayImage(480, 320);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Pad, 480, 320, InputSize, Grid));
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawLabel("Beak 12 \u00E9").ToImage();

        (int left, int top, int right, int bottom) = DrawnPixels.OfDifference(before, after)!.Value;
        Assert.AreEqual((8, 8), (left, top));
        Assert.IsInRange(80, 130, right);
        Assert.AreEqual(35, bottom);

        // The upright of the B starts behind the plate's border of 8 pixels and a little space.
        Assert.IsGreaterThan(200, Enumerable.Range(16, 5).Max(x => DrawnPixels.Pixel(after, x, 22)[0]));
    }

    [TestMethod]
    public void ALegendShowsTheColorsOfTheMap()
    {
        using MLImage image = GrayImage(480, 320);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Pad, 480, 320, InputSize, Grid));
        using MLImage before = overlay.ToImage();

        using MLImage after = overlay.DrawLegend("0", "1").ToImage();

        (int left, int top, int right, int bottom) = DrawnPixels.OfDifference(before, after)!.Value;
        Assert.AreEqual((8, 287, 312), (left, top, bottom));
        byte[][] row = [.. Enumerable.Range(left, right - left).Select(x => DrawnPixels.Pixel(after, x, (top + bottom) / 2).ToArray())];
        foreach (double value in (double[])[0.1, 0.5, 0.9])
        {
            SKColor color = ColorTable.ColorOf(ColorMap.Plasma, value);
            Assert.IsTrue(
                row.Any(pixel => Math.Abs(pixel[0] - color.Blue) + Math.Abs(pixel[1] - color.Green) + Math.Abs(pixel[2] - color.Red) < 12),
                $"{value}"
            );
        }
    }

    [TestMethod]
    public void ACopyStartsWithWhatWasDrawnAndGoesItsOwnWay()
    {
        using MLImage image = GrayImage(480, 320);
        var options = new GroundingOverlayOptions { LongEdge = 300, Colors = ColorMap.Viridis };
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Crop, 480, 320, InputSize, Grid);
        using var first = new GroundingOverlay(image, geometry, options);
        using var expected = new GroundingOverlay(image, geometry, options);
        expected.DrawBox(10, 20, 200, 100).DrawMap(OneHot(1, 2)).DrawKeyPoint(240, 160).DrawLegend();

        using GroundingOverlay copy = first.DrawBox(10, 20, 200, 100).Copy();
        using MLImage before = first.ToImage();
        using (MLImage same = copy.ToImage())
        {
            Assert.IsNull(DrawnPixels.OfDifference(before, same));
        }

        copy.DrawMap(OneHot(1, 2)).DrawKeyPoint(240, 160).DrawLegend();

        using MLImage after = first.ToImage();
        using MLImage wanted = expected.ToImage();
        using MLImage drawn = copy.ToImage();
        Assert.IsNull(DrawnPixels.OfDifference(before, after), "the first picture stays as it is");
        Assert.IsNull(DrawnPixels.OfDifference(wanted, drawn), "the copy goes on as the first picture would have");
    }

    [TestMethod]
    [DataRow(ColorMap.Plasma, 0.8)]
    [DataRow(ColorMap.Magma, 0.35)]
    [DataRow(ColorMap.Viridis, 1)]
    public void TheCellsOfAMapAreThosePaintedOneByOne(ColorMap colors, double opacity)
    {
        const int grid = 24;
        var random = new Random(3);
        float[] map = [.. Enumerable.Range(0, grid * grid).Select(_ => random.NextSingle())];
        (map[0], map[1]) = (0, 1);
        using var painted = new SKBitmap(new SKImageInfo(grid, grid, SKColorType.Bgra8888, SKAlphaType.Premul));
        for (int cell = 0; cell < map.Length; cell++)
        {
            byte alpha = (byte)Math.Round(255 * opacity * Math.Sqrt(map[cell]));
            painted.SetPixel(cell % grid, cell / grid, ColorTable.ColorOf(colors, map[cell]).WithAlpha(alpha));
        }

        // A pixel for each cell, over nothing.
        using var nothing = MLImage.CreateFromPixels(grid, grid, MLPixelFormat.Bgra32, new byte[4 * grid * grid]);
        using var overlay = new GroundingOverlay(
            nothing,
            SquareGeometry.Create(ImageFit.Pad, grid, grid, 336, grid),
            new GroundingOverlayOptions { Colors = colors, MapOpacity = opacity }
        );
        using MLImage drawn = overlay.DrawMap(map).ToImage();

        CollectionAssert.AreEqual(painted.GetPixelSpan().ToArray(), drawn.Pixels.ToArray());
    }

    [TestMethod]
    public void ARegionOfRunsIsThatOfItsCells()
    {
        var random = new Random(5);
        foreach (int grid in (int[])[1, 2, 7, 24])
        {
            foreach (double share in (double[])[0.1, 0.5, 0.9, 1])
            {
                bool[] region = [.. Enumerable.Range(0, grid * grid).Select(_ => random.NextDouble() < share)];
                region[random.Next(region.Length)] = true;
                using var cells = new SKRegion();
                for (int cell = 0; cell < region.Length; cell++)
                {
                    if (region[cell])
                    {
                        cells.Op(new SKRectI(cell % grid, cell / grid, (cell % grid) + 1, (cell / grid) + 1), SKRegionOperation.Union);
                    }
                }

                using var runs = new SKRegion();
                runs.SetRects(GroundingOverlay.RunsOf(region, new MapGrid(grid, grid)));

                using SKPath expected = cells.GetBoundaryPath();
                using SKPath actual = runs.GetBoundaryPath();
                Assert.AreEqual(expected.ToSvgPathData(), actual.ToSvgPathData(), $"{share} of {grid} x {grid}");
            }
        }
    }

    [TestMethod]
    public void ThePictureIsSavedAsPng()
    {
        using MLImage image = GrayImage(32, 24);
        using var overlay = new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Pad, 32, 24, InputSize, Grid));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            overlay.DrawMap(OneHot(2, 2)).Save(path);

            using var saved = MLImage.CreateFromFile(path);
            using MLImage drawn = overlay.ToImage();
            Assert.IsNull(DrawnPixels.OfDifference(drawn, saved));
            using MemoryStream stream = new();
            overlay.Save(stream);
            CollectionAssert.AreEqual(File.ReadAllBytes(path), stream.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void WrongArgumentsAreNamed()
    {
        using MLImage image = GrayImage(32, 24);
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 32, 24, InputSize, Grid);
        using var overlay = new GroundingOverlay(image, geometry);

        Assert.Contains("3 cells", Assert.ThrowsExactly<ArgumentException>(() => overlay.DrawMap(new float[3])).Message);
        Assert.Throws<ArgumentException>(() => overlay.DrawMap([.. OneHot(0, 0).AsSpan(1), float.NaN]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => overlay.DrawRegion(OneHot(0, 0), 1.5));
        Assert.Contains(
            "24 x 32",
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    new GroundingOverlay(image, SquareGeometry.Create(ImageFit.Pad, 24, 32, InputSize, Grid))
                )
                .Message
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            new GroundingOverlay(image, geometry, new GroundingOverlayOptions { MapOpacity = 2 })
        );
    }

    private static bool IsWhite(MLImage image, int x, int y) =>
        DrawnPixels.Pixel(image, x, y).SequenceEqual((ReadOnlySpan<byte>)[255, 255, 255, 255]);

    private static float[] OneHot(int row, int column)
    {
        float[] map = new float[Grid * Grid];
        map[(row * Grid) + column] = 1;
        return map;
    }

    private static MLImage GrayImage(int width, int height)
    {
        byte[] pixels = new byte[width * height * 4];
        Array.Fill(pixels, (byte)128);
        for (int alpha = 3; alpha < pixels.Length; alpha += 4)
        {
            pixels[alpha] = 255;
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }
}
