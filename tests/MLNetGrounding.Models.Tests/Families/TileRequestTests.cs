using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families;

/// <summary>What can be asked of tiled models for a whole pipeline.</summary>
[TestClass]
public sealed class TileRequestTests
{
    [TestMethod]
    public void WithoutTilesThereIsOneView()
    {
        using TemporaryFolder folder = new();
        ImageSpan span = TiledFolders.Images(TiledFolders.WriteInternVl(folder)).Plan(new ImageRequest(ImageFit.Pad, null))!;
        Assert.AreEqual(VisualLayout.RowByRow(new MapGrid(3, 3)), span.Layout);
        CollectionAssert.AreEqual(Enumerable.Repeat(5, 9).ToArray(), span.Ids.ToArray());
    }

    [TestMethod]
    public void AGridAsksForTheTilesThatHaveIt()
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteInternVl(folder));
        Assert.AreEqual(
            images.Plan(new ImageRequest(ImageFit.Pad, null, Tiles: (2, 3)))!.Layout,
            images.Plan(new ImageRequest(ImageFit.Pad, new MapGrid(6, 9)))!.Layout
        );
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() =>
            images.Plan(new ImageRequest(ImageFit.Pad, new MapGrid(6, 8)))
        );
        StringAssert.Contains(refused.Message, "6 x 8", StringComparison.Ordinal);
        Assert.ThrowsExactly<ArgumentException>(() => images.Plan(new ImageRequest(ImageFit.Pad, new MapGrid(6, 9), Tiles: (1, 2))));
    }

    [TestMethod]
    public void NativeImagesCannotHaveTilesChosenForThem()
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteInternVl(folder));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => images.Plan(new ImageRequest(ImageFit.Native, null, Tiles: (2, 2)))).Message,
            nameof(CaptureOptions.Tiles),
            StringComparison.Ordinal
        );
    }

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(3, 5)]
    [DataRow(int.MaxValue, int.MaxValue)]
    public void TilesThatAModelWasNotMadeForAreRefused(int rows, int columns)
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteInternVl(folder));
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() => images.Plan(new ImageRequest(ImageFit.Pad, null, Tiles: (rows, columns))))
                .Message,
            $"{rows} x {columns}",
            StringComparison.Ordinal
        );
    }

    [TestMethod]
    public void TilesOfMoreCellsThanAreWantedAreRefused()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder other = new();
        foreach (
            IImagePreprocessor images in (IImagePreprocessor[])
                [TiledFolders.Images(TiledFolders.WriteInternVl(folder)), TiledFolders.Images(TiledFolders.WriteLlavaNext(other))]
        )
        {
            int cells = images.Plan(new ImageRequest(ImageFit.Pad, null, Tiles: (2, 2)))!.Layout.Grid.Cells;
            Assert.IsNotNull(images.Plan(new ImageRequest(ImageFit.Pad, null, cells, (2, 2))));
            ImageRequest fewer = new(ImageFit.Pad, null, cells - 1, (2, 2));
            foreach (
                Action refused in (Action[])
                    [
                        () => images.Plan(fewer),
                        () => images.Place(100, 100, fewer),
                        () => images.Plan(fewer with { Views = MapViews.Whole }),
                    ]
            )
            {
                string message = Assert.ThrowsExactly<ArgumentException>(refused).Message;
                StringAssert.Contains(message, $"2 x 2 tiles have {cells} cells, more than {cells - 1}", StringComparison.Ordinal);
            }

            // As a model on its own cuts an image.
            ArgumentException native = Assert.ThrowsExactly<ArgumentException>(() =>
                images.Place(200, 200, new ImageRequest(ImageFit.Native, null, 1))
            );
            StringAssert.Contains(native.Message, "200 x 200 pixels", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void TilesOfNoResolutionAreRefusedWithThoseThereAre()
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteLlavaNext(folder));
        Assert.AreEqual(new MapGrid(8, 8), images.Plan(new ImageRequest(ImageFit.Pad, null))!.Layout.Grid);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => images.Plan(new ImageRequest(ImageFit.Pad, null, Tiles: (1, 1)))).Message,
            "1 x 2, 2 x 1, 2 x 2, 1 x 3, 3 x 1",
            StringComparison.Ordinal
        );
    }

    [TestMethod]
    public void WithoutATokenizerMarksCannotBeWritten()
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteSmolVlm(folder));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => images.Plan(new ImageRequest(ImageFit.Pad, null))).Message,
            "tokenizer",
            StringComparison.Ordinal
        );
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void MarksStandBetweenViewsAsText(bool hasMarks)
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteTokenizer(folder, hasMarks);
        var tokenizer = TextTokenizer.Open(folder.Path);
        ImageSpan span = TiledFolders.Images(TiledFolders.WriteSmolVlm(folder)).Plan(new ImageRequest(ImageFit.Pad, null, Tiles: (2, 1)))!;
        const string fake = "<fake_token_around_image>";
        const string view = "<image><image><image><image>";
        Assert.AreEqual($"{fake}<row_1_col_1>", tokenizer.Decode(span.Before, skipSpecialTokens: false));
        Assert.AreEqual(
            $"{view}\n{fake}<row_2_col_1>{view}\n\n{fake}<global-img>{view}",
            tokenizer.Decode(span.Ids, skipSpecialTokens: false)
        );
        Assert.HasCount(span.Ids.Count, Enumerable.Range(0, span.Layout.Tokens).ToArray());
        Assert.AreEqual(span.Ids.Count, span.Advance);

        // Two line ends in a row are one token of this vocabulary, since both are tokenized at once.
        Assert.HasCount(1, span.Ids.Where(id => tokenizer.TextOf(id) == "\u010A\u010A").ToArray());
        Assert.AreEqual(
            $"{fake}<global-img>",
            tokenizer.Decode(TiledFolders.Images(folder.Path).Plan(new ImageRequest(ImageFit.Pad, null))!.Before, skipSpecialTokens: false)
        );
    }
}
