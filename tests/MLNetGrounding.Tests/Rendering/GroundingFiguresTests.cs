using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Rendering;

[TestClass]
public sealed class GroundingFiguresTests
{
    private static readonly GroundingFigureOptions Small = new() { PanelEdge = 120, Columns = 4 };

    [TestMethod]
    public void AFigureHasAPanelForEachLayerHeadAndQuery()
    {
        using GroundedImage image = Image();

        using MLImage layers = GroundingFigures.Layers(image, "eye", Small);
        using MLImage heads = GroundingFigures.Heads(image, "beak", 1, Small);
        using MLImage mask = GroundingFigures.MaskAndMaps(image, Small);
        using MLImage queries = GroundingFigures.Queries(image, Small);

        Assert.AreEqual(AttentionRows.Layers, Panels(layers));
        Assert.AreEqual(AttentionRows.Heads, Panels(heads));
        Assert.AreEqual(1 + 1 + AttentionRows.Queries.Length, Panels(mask));
        Assert.AreEqual(1 + AttentionRows.Queries.Length, Panels(queries));
    }

    [TestMethod]
    public void EachPanelIsAnOverlayOfItsOwn()
    {
        using GroundedImage image = Image();
        using MLImage figure = GroundingFigures.Queries(image, Small);

        (int left, int top, int step) = FirstPanel(figure);
        for (int query = 0; query < AttentionRows.Queries.Length; query++)
        {
            using var overlay = new GroundingOverlay(image.Image, image.Geometry, Small.PanelLook);
            overlay.DrawGrounding(image, query, Small.RegionThreshold, Small.KeyPointTable);
            using MLImage panel = overlay.ToImage();
            for (int y = 0; y < panel.Height; y++)
            {
                ReadOnlySpan<byte> row = figure.Pixels.Slice(
                    4 * (((top + y) * figure.Width) + left + ((query + 1) * step)),
                    4 * panel.Width
                );
                Assert.IsTrue(row.SequenceEqual(panel.Pixels.Slice(4 * y * panel.Width, 4 * panel.Width)), $"query {query}, row {y}");
            }
        }
    }

    [TestMethod]
    public void AKeptHeadIsFramedAndADroppedOneFaded()
    {
        float[] kept = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. new float[12]];
        using GroundedImage image = Image(kept);

        using MLImage heads = GroundingFigures.Heads(image, "beak", 0, Small);

        (int left, int top, int step) = FirstPanel(heads);
        // Beside the first picture runs its frame, beside the second the background.
        Assert.IsFalse(DrawnPixels.Pixel(heads, left - 1, top + 40).SequenceEqual(DrawnPixels.Pixel(heads, 0, 0)));
        Assert.IsTrue(DrawnPixels.Pixel(heads, left + step - 2, top + 40).SequenceEqual(DrawnPixels.Pixel(heads, 0, 0)));
        // No pixel of a faded picture is brighter than the picture is.
        Assert.IsGreaterThan(Brightest(heads, left + step, top), Brightest(heads, left, top));
    }

    [TestMethod]
    public void WithoutLayerMapsTheMeanOfTheHeadsIsAnOption()
    {
        using GroundedImage image = Image(withLayerMaps: false);

        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(() => GroundingFigures.Layers(image, "eye", Small));
        using MLImage mean = GroundingFigures.Layers(image, "eye", Small with { LayerMaps = LayerMapSource.MeanOfHeads });

        Assert.Contains(nameof(LayerMapSource.MeanOfHeads), exception.Message);
        Assert.AreEqual(AttentionRows.Layers, Panels(mean));
    }

    [TestMethod]
    public void WhatIsNotThereIsNamed()
    {
        using GroundedImage image = Image();
        using GroundedImage bare = new()
        {
            Image = Gray(),
            Geometry = image.Geometry,
            Queries = image.Queries,
            Methods = image.Methods,
            Name = "bare.png",
        };

        Assert.Contains("wing", Assert.ThrowsExactly<ArgumentException>(() => GroundingFigures.Heads(image, "wing", 0)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GroundingFigures.Heads(image, "eye", AttentionRows.Layers));
        Assert.Contains("bare.png", Assert.ThrowsExactly<ArgumentException>(() => GroundingFigures.Layers(bare, "eye")).Message);
        Assert.Contains("bare.png", Assert.ThrowsExactly<ArgumentException>(() => GroundingFigures.MaskAndMaps(bare)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            GroundingFigures.Queries(bare, new GroundingFigureOptions { PanelEdge = 0 })
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            GroundingFigures.Queries(bare, new GroundingFigureOptions { RegionThreshold = 2 })
        );
    }

    [TestMethod]
    public void AMapThatCouldNotBeComputedLeavesTheImageInItsPanel()
    {
        using GroundedImage image = Image();
        float[] partly = [.. image.Methods[0].Maps.ToArray()];
        partly.AsSpan(0, AttentionRows.Cells).Fill(float.NaN);
        using GroundedImage broken = new()
        {
            Image = Gray(),
            Geometry = image.Geometry,
            Queries = image.Queries,
            Methods = [new GroundedMaps("Paper", partly)],
        };

        using MLImage queries = GroundingFigures.Queries(broken, Small);

        Assert.IsFalse(broken.Failed);
        Assert.AreEqual(1 + AttentionRows.Queries.Length, Panels(queries));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 2)]
    [DataRow(4, 2)]
    [DataRow(6, 3)]
    [DataRow(7, 4)]
    [DataRow(12, 4)]
    [DataRow(32, 8)]
    [DataRow(40, 8)]
    public void PanelsFillTheirFigure(int panels, int columns) => Assert.AreEqual(columns, FigurePanels.ColumnsFor(panels));

    [TestMethod]
    [DataRow(FigureTheme.Dark, 0x1C, 0x17, 0x16)]
    [DataRow(FigureTheme.Light, 255, 255, 255)]
    [DataRow(FigureTheme.Print, 255, 255, 255)]
    public void EveryFigureHasTheThemesPage(FigureTheme theme, int blue, int green, int red)
    {
        using GroundedImage image = Image();
        GroundingFigureOptions options = Small with { Theme = theme };
        MLImage[] figures =
        [
            GroundingFigures.Layers(image, "eye", options),
            GroundingFigures.Heads(image, "beak", 1, options),
            GroundingFigures.MaskAndMaps(image, options),
            GroundingFigures.Queries(image, options),
            GroundingFigures.Question(image, "beak", options: options),
        ];
        foreach (MLImage figure in figures)
        {
            CollectionAssert.AreEqual((byte[])[(byte)blue, (byte)green, (byte)red, 255], DrawnPixels.Pixel(figure, 0, 0).ToArray());
            // Captions stand out from the page: some pixel is at its other end.
            Assert.IsTrue(Contrasts(figure, theme == FigureTheme.Dark ? 200 : 90, brighter: theme == FigureTheme.Dark));
            figure.Dispose();
        }

        static bool Contrasts(MLImage figure, int limit, bool brighter)
        {
            ReadOnlySpan<byte> pixels = figure.Pixels;
            for (int index = 0; index < pixels.Length; index += 4)
            {
                bool passes = true;
                for (int channel = 0; channel < 3; channel++)
                {
                    passes &= brighter ? pixels[index + channel] > limit : pixels[index + channel] < limit;
                }

                if (passes)
                {
                    return true;
                }
            }

            return false;
        }
    }

    [TestMethod]
    public void OnPaperImagesAreGrayAndMapsAreNot()
    {
        using GroundedImage gray = Image();
        using GroundedImage image = new()
        {
            Image = MLImage.CreateFromPixels(
                100,
                60,
                MLPixelFormat.Bgra32,
                [.. Enumerable.Repeat((byte[])[40, 90, 200, 255], 100 * 60).SelectMany(each => each)]
            ),
            Geometry = gray.Geometry,
            Queries = gray.Queries,
            Methods = gray.Methods,
        };

        using MLImage print = GroundingFigures.Queries(image, Small with { Theme = FigureTheme.Print });
        using MLImage light = GroundingFigures.Queries(image, Small with { Theme = FigureTheme.Light });

        (int left, int top, int step) = FirstPanel(print);
        Assert.IsTrue(IsGray(DrawnPixels.Pixel(print, left + 4, top + 4)));
        Assert.IsFalse(IsGray(DrawnPixels.Pixel(light, left + 4, top + 4)));
        Assert.IsTrue(
            Enumerable.Range(0, 118).Any(x => Enumerable.Range(0, 60).Any(y => !IsGray(DrawnPixels.Pixel(print, left + step + x, top + y))))
        );

        static bool IsGray(ReadOnlySpan<byte> pixel) => pixel[0] == pixel[1] && pixel[1] == pixel[2];
    }

    [TestMethod]
    public void TheQuestionStandsBetweenTheImageAndItsMap()
    {
        using GroundedImage image = Image();

        using MLImage figure = GroundingFigures.Question(image, "beak", options: Small);
        using MLImage other = GroundingFigures.Question(image, "beak", "Is it here?", Small);
        using MLImage eye = GroundingFigures.Question(image, "eye", "Is it here?", Small);

        Assert.AreEqual(3, Panels(figure));
        int third = figure.Width / 3;
        (int left, _, int right, _) = DrawnPixels.OfDifference(figure, other)!.Value;
        Assert.IsInRange(third - 10, 2 * third, left);
        Assert.IsInRange(third, (2 * third) + 10, right);
        Assert.IsGreaterThan((2 * third) - 10, DrawnPixels.OfDifference(other, eye)!.Value.Left);
        Assert.Contains("wing", Assert.ThrowsExactly<ArgumentException>(() => GroundingFigures.Question(image, "wing")).Message);
    }

    private static GroundedImage Image(float[]? kept = null, bool withLayerMaps = true)
    {
        AttentionRow row = new AttentionRows(1).Rows[0];
        float[] maps = [.. row.FineAttention.Take(AttentionRows.Queries.Length * AttentionRows.Cells)];
        return new GroundedImage
        {
            Image = Gray(),
            Geometry = ImageGeometry.FromVector(row.Geometry),
            Queries = AttentionRows.Queries,
            Methods = [new GroundedMaps("Paper", maps)],
            Name = "bird.png",
            KeyPoints = row.KeyPoints,
            KeyPointVisible = row.KeyPointVisible,
            BoundingBox = new float[] { 10, 10, 30, 20 },
            CoarseMask = maps.AsMemory(0, AttentionRows.Cells),
            Layers = new GroundedLayers(AttentionRows.Layers, AttentionRows.Heads, row.FineAttention)
            {
                LayerMaps = withLayerMaps
                    ? row.FineAttention.AsMemory(0, AttentionRows.Queries.Length * AttentionRows.Layers * AttentionRows.Cells)
                    : default,
                KeptHeads = kept,
            },
        };
    }

    private static MLImage Gray() =>
        MLImage.CreateFromPixels(
            100,
            60,
            MLPixelFormat.Bgra32,
            [.. Enumerable.Repeat((byte[])[200, 200, 200, 255], 100 * 60).SelectMany(each => each)]
        );

    /// <summary>Counts pictures: along the middle of a row of pictures, runs of pixels that are not background.</summary>
    private static int Panels(MLImage figure)
    {
        (int left, int top, int step) = FirstPanel(figure);
        int panels = 0;
        for (int y = top + 36; y < figure.Height; y += RowStep(figure, left, top))
        {
            for (int x = left + 60; x < figure.Width; x += step)
            {
                panels += DrawnPixels.Pixel(figure, x, y).SequenceEqual(DrawnPixels.Pixel(figure, 0, 0)) ? 0 : 1;
            }
        }

        return panels;
    }

    private static int RowStep(MLImage figure, int left, int top)
    {
        // Rows of pictures are as high as the figure allows for: below the first row another one starts, or the figure ends.
        int y = top;
        while (y < figure.Height && !IsBackgroundRow(figure, left, y))
        {
            y++;
        }

        while (y < figure.Height && PictureWidthAt(figure, left, y) < 110)
        {
            y++;
        }

        return y - top;
    }

    private static bool IsBackgroundRow(MLImage figure, int left, int y) => PictureWidthAt(figure, left, y) == 0;

    private static int PictureWidthAt(MLImage figure, int left, int y)
    {
        int count = 0;
        for (int x = left; x < left + 120; x++)
        {
            count += DrawnPixels.Pixel(figure, x, y).SequenceEqual(DrawnPixels.Pixel(figure, 0, 0)) ? 0 : 1;
        }

        return count;
    }

    /// <summary>Where the first picture lies, 120 pixels wide, and how far to the next.</summary>
    private static (int Left, int Top, int Step) FirstPanel(MLImage figure)
    {
        // The gaps of a sheet with pictures of 120 pixels: 14 at 240, in proportion, and not under 0.6 of it.
        const int gap = 8;
        int top = gap;
        while (PictureWidthAt(figure, gap, top) < 118)
        {
            top++;
        }

        return (gap, top, 120 + gap);
    }

    private static int Brightest(MLImage figure, int left, int top)
    {
        int brightest = 0;
        for (int y = top + 4; y < top + 60; y++)
        {
            for (int x = left + 4; x < left + 116; x++)
            {
                brightest = Math.Max(brightest, DrawnPixels.Pixel(figure, x, y)[1]);
            }
        }

        return brightest;
    }
}
