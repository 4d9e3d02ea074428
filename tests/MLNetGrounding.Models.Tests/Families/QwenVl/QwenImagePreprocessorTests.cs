using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Families.QwenVl;

[TestClass]
public sealed class QwenImagePreprocessorTests
{
    private static readonly ImageRequest Native = new(ImageFit.Native, null);

    [TestMethod]
    public void ImagesAreFittedToTwentyFourRowsAndColumnsWhereNothingIsAskedFor()
    {
        using QwenFolder folder = new(QwenFolder.Third);
        ImageSpan span = folder.Images().Plan(new ImageRequest(ImageFit.Pad, null))!;
        Assert.AreEqual(new MapGrid(24, 24), span.Layout.Grid);
        Assert.HasCount(576, span.Ids);
        Assert.IsNull(folder.Images().Plan(Native));
        Assert.AreEqual(new MapGrid(24, 24), folder.Architecture().Info.Grid);
        Assert.IsFalse(folder.Architecture().Info.HasFixedGrid);
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    [DataRow(ImageFit.Stretch)]
    public void AGridDecidesTheSizeInPixels(ImageFit fit)
    {
        using QwenFolder folder = new(QwenFolder.Third);
        ImageRequest request = new(fit, new MapGrid(10, 16));
        PreparedImage image = folder.Images().Prepare(Pictures.Plain(300, 100, 9, 9, 9), request, CancellationToken.None);
        Assert.AreEqual(new MapGrid(10, 16), image.Geometry.Grid);
        Assert.AreEqual((512, 320), (image.Geometry.InputWidth, image.Geometry.InputHeight));
        CollectionAssert.AreEqual(new long[] { 640, 1536 }, image.Shape);
        Assert.AreEqual(image.Geometry, folder.Images().Place(300, 100, request));
    }

    [TestMethod]
    public void PaddingHasTheMeanColor()
    {
        using QwenFolder folder = new(QwenFolder.Third);
        byte[] pixels = folder.Images().Resize(Pictures.Plain(320, 32, 0, 0, 0), new ImageRequest(ImageFit.Pad, new MapGrid(10, 10)));
        CollectionAssert.AreEqual(new byte[] { 127, 127, 127 }, pixels[..3]);
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0 }, pixels[(3 * 320 * 160)..][..3]);
    }

    [TestMethod]
    public void PatchesAreCutCellByCell()
    {
        using QwenFolder folder = new(QwenFolder.Third);
        (int rows, int columns, int patch) = (2, 3, 16);
        byte[] pixels = new byte[rows * columns * 32 * 32 * 3];
        new Random(5).NextBytes(pixels);
        RgbImage image = new(columns * 32, rows * 32, pixels);
        PreparedImage prepared = folder
            .Images()
            .Prepare(image, new ImageRequest(ImageFit.Stretch, new MapGrid(rows, columns)), CancellationToken.None);
        int at = 0;
        for (int cellRow = 0; cellRow < rows; cellRow++)
        {
            for (int cellColumn = 0; cellColumn < columns; cellColumn++)
            {
                for (int part = 0; part < 4; part++)
                {
                    for (int channel = 0; channel < 3; channel++)
                    {
                        for (int frame = 0; frame < 2; frame++)
                        {
                            for (int y = 0; y < patch; y++)
                            {
                                for (int x = 0; x < patch; x++, at++)
                                {
                                    int row = (cellRow * 32) + (part / 2 * patch) + y;
                                    int column = (cellColumn * 32) + (part % 2 * patch) + x;
                                    byte level = pixels[(3 * ((row * columns * 32) + column)) + channel];
                                    Assert.AreEqual((level / 255.0 - 0.5) / 0.5, prepared.Values[at], 1e-6);
                                }
                            }
                        }
                    }
                }
            }
        }

        Assert.HasCount(at, prepared.Values);
    }

    [TestMethod]
    public void ImagesThatKeepTheirShapeHaveTheGridOfTheProcessor()
    {
        using QwenFolder folder = new(QwenFolder.Third);
        PreparedImage image = folder.Images().Prepare(Pictures.Plain(500, 375, 1, 2, 3), Native, CancellationToken.None);
        Assert.AreEqual(new MapGrid(12, 16), image.Span.Layout.Grid);
        Assert.AreEqual((512, 384), (image.Geometry.InputWidth, image.Geometry.InputHeight));
        Assert.AreEqual(512.0 / 500, image.Geometry.ScaleX);
    }

    [TestMethod]
    public void ImagesThatKeepTheirShapeAreMadeSmallerForTheCap()
    {
        using QwenFolder folder = new(QwenFolder.Third);
        Assert.AreEqual(new MapGrid(55, 73), folder.Images().Place(4032, 3024, Native).Grid);
        Assert.AreEqual(new MapGrid(94, 126), folder.Images().Place(4032, 3024, Native with { MostCells = 16384 }).Grid);
    }

    [TestMethod]
    public void WhatCannotBeHadIsRefusedInOneLine()
    {
        using QwenFolder folder = new(QwenFolder.Third);
        Refused(new ImageRequest(ImageFit.Pad, new MapGrid(65, 64)), "4160 cells", "4096", "MaximumCells");
        Refused(new ImageRequest(ImageFit.Pad, new MapGrid(1, 201)), "1 x 201", "200");
        Refused(new ImageRequest(ImageFit.Native, new MapGrid(4, 4)), "4 x 4", "Native", "Grid");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => folder.Images().Plan(Native with { MostCells = 0 }));
        folder.Images().Plan(new ImageRequest(ImageFit.Pad, new MapGrid(65, 64), 4160));
        string message = Assert.ThrowsExactly<ArgumentException>(() => folder.Images().Place(1001, 5, Native)).Message;
        StringAssert.Contains(message, "1001 x 5");

        // The smallest image is larger than the cap.
        message = Assert.ThrowsExactly<ArgumentException>(() => folder.Images().Place(40, 30, Native with { MostCells = 20 })).Message;
        StringAssert.Contains(message, "MaximumCells");

        void Refused(ImageRequest request, params string[] parts)
        {
            string message = Assert.ThrowsExactly<ArgumentException>(() => folder.Images().Plan(request)).Message;
            Assert.DoesNotContain('\n', message.Split(" (Parameter")[0]);
            foreach (string part in parts)
            {
                StringAssert.Contains(message, part);
            }
        }
    }

    [TestMethod]
    [DataRow("""{"patch_size":14}""", "patch_size", "16")]
    [DataRow("""{"patch_size":16,"merge_size":3}""", "merge_size", "2")]
    [DataRow("""{"patch_size":16,"min_pixels":5000,"max_pixels":4000}""", "max_pixels", "5000")]
    [DataRow("""{"patch_size":16,"size":{"height":448,"width":448}}""", "size.height", "448")]
    [DataRow("""{"patch_size":16,"do_center_crop":true}""", "do_center_crop", "true")]
    public void ProcessorsThatDoSomethingElseAreRefused(string processor, string setting, string expected)
    {
        using QwenFolder folder = new(QwenFolder.Third, processor);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(folder.Architecture);
        Assert.AreEqual(setting, exception.SettingName);
        StringAssert.Contains(exception.Message, expected);
    }

    [TestMethod]
    public void NumbersOfPixelsAreReadInBothSpellings()
    {
        using QwenFolder older = new(QwenFolder.Third, """{"patch_size":16,"min_pixels":4096,"max_pixels":65536}""");
        using QwenFolder newer = new(QwenFolder.Third, """{"patch_size":16,"size":{"shortest_edge":4096,"longest_edge":65536}}""");
        Assert.AreEqual(new MapGrid(6, 9), older.Images().Place(4000, 3000, Native).Grid);
        Assert.AreEqual(older.Images().Place(4000, 3000, Native), newer.Images().Place(4000, 3000, Native));
    }
}
