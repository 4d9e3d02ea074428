using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families;

/// <summary>Which pixels a token lights up, for every token of every layout of tiles.</summary>
[TestClass]
public sealed class TiledLayoutTests
{
    private const int Width = 630;
    private const int Height = 420;
    private const double Tolerance = 1e-3;

    private static readonly (int, int)[] Shapes = [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (2, 2), (2, 3), (3, 2)];

    [TestMethod]
    [DataRow(MapViews.All)]
    [DataRow(MapViews.Tiles)]
    [DataRow(MapViews.Whole)]
    public void ATokenBetweenNothingLightsUpWhatItsViewShows(MapViews views)
    {
        using TemporaryFolder folder = new();
        Check(
            TiledFolders.Images(TiledFolders.WriteInternVl(folder)),
            3,
            imageToken: 5,
            Shapes,
            views,
            wholeFirst: false,
            hasWhole: tiles => tiles != (1, 1)
        );
    }

    [TestMethod]
    [DataRow(MapViews.All, true)]
    [DataRow(MapViews.Tiles, true)]
    [DataRow(MapViews.Whole, true)]
    [DataRow(MapViews.All, false)]
    public void ATokenBetweenMarksLightsUpWhatItsViewShows(MapViews views, bool hasMarks)
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteTokenizer(folder, hasMarks);
        Check(
            TiledFolders.Images(TiledFolders.WriteSmolVlm(folder)),
            2,
            imageToken: 200,
            Shapes,
            views,
            wholeFirst: false,
            hasWhole: tiles => tiles != (1, 1)
        );
    }

    [TestMethod]
    [DataRow(MapViews.All)]
    [DataRow(MapViews.Tiles)]
    [DataRow(MapViews.Whole)]
    public void ATokenOfARowWithANewlineLightsUpWhatItsViewShows(MapViews views)
    {
        using TemporaryFolder folder = new();
        Check(
            TiledFolders.Images(TiledFolders.WriteLlavaNext(folder)),
            4,
            imageToken: 5,
            [(1, 2), (2, 1), (2, 2), (1, 3), (3, 1)],
            views,
            wholeFirst: true,
            hasWhole: _ => true
        );
    }

    [TestMethod]
    public void TheTokensOfAnyMapKeepTheirSum()
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteLlavaOneVision(folder));
        foreach ((int, int) tiles in ((int, int)[])[(1, 1), (1, 3), (2, 2), (3, 3)])
        {
            VisualLayout layout = images.Plan(new ImageRequest(ImageFit.Pad, null, Tiles: tiles))!.Layout;
            Assert.AreEqual(
                layout.Grid.Height,
                Enumerable.Range(0, layout.Tokens).Count(token => layout[token].Count == 0),
                "newlines show nothing"
            );
            foreach (int token in Enumerable.Range(0, layout.Tokens).Where(token => layout[token].Count > 0))
            {
                Assert.AreEqual(1, layout[token].Sum(cell => cell.Share), 1e-6);
            }
        }
    }

    [TestMethod]
    public void TilesThatAreMadeFewerHaveTheGridOfWhatIsLeft()
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteLlavaOneVision(folder));

        // 12 x 12 cells of nine tiles where three are the most: each side divided by the square root of three.
        Assert.AreEqual(new MapGrid(6, 6), images.Plan(new ImageRequest(ImageFit.Pad, null, Tiles: (3, 3)))!.Layout.Grid);
        Assert.AreEqual(new MapGrid(8, 4), images.Plan(new ImageRequest(ImageFit.Pad, null, Tiles: (2, 1)))!.Layout.Grid);
    }

    [TestMethod]
    [DataRow(112, 56)]
    [DataRow(130, 40)]
    [DataRow(40, 130)]
    [DataRow(100, 100)]
    [DataRow(300, 110)]
    public void ATokenOfAnImageInTheMiddleOfItsTilesLightsUpWhatLiesThere(int width, int height)
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteLlavaNext(folder));
        PreparedImage prepared = images.Prepare(
            new RgbImage(width, height, new byte[3 * width * height]),
            new ImageRequest(ImageFit.Native, null),
            CancellationToken.None
        );

        // The resolution that shows most of the image and least besides.
        (int Width, int Height) canvas = new[] { (112, 56), (56, 112), (112, 112), (168, 56), (56, 168) }
            .OrderByDescending(size => Shown(size, width, height))
            .ThenBy(size => size.Item1 * size.Item2)
            .First();
        double scale = Math.Min((double)canvas.Width / width, (double)canvas.Height / height);
        double left = (canvas.Width - (width * scale)) / 2;
        double top = (canvas.Height - (height * scale)) / 2;

        // Cells are left out in whole: as many as the image has too few of, rounded up, half at each end.
        (int rows, int columns) = (canvas.Height / 14, canvas.Width / 14);
        int cutRows = (rows - (int)Math.Min(rows, Math.Round((double)columns * height / width, 7))) / 2;
        int cutColumns = (columns - (int)Math.Min(columns, Math.Round((double)rows * width / height, 7))) / 2;
        VisualLayout layout = prepared.Span.Layout;
        Assert.AreEqual(new MapGrid(rows - (2 * cutRows), columns - (2 * cutColumns)), layout.Grid);
        for (int token = 16; token < layout.Tokens; token++)
        {
            (int row, int column) = Math.DivRem(token - 16, layout.Grid.Width + 1);
            float[] lit = new float[layout.Tokens];
            lit[token] = 1;
            float[] map = new float[layout.Grid.Cells];
            layout.Apply(lit, map);
            if (column == layout.Grid.Width)
            {
                Assert.IsTrue(Array.TrueForAll(map, value => value == 0), "a newline shows nothing");
                continue;
            }

            Assert.AreEqual((row * layout.Grid.Width) + column, Array.IndexOf(map, 1f));
            (double Left, double Top, double Right, double Bottom) pixels = prepared.Geometry.CellToPixels(row, column);

            // Placed in whole pixels of the input.
            double tolerance = 1 / scale;
            Assert.AreEqual(
                Math.Clamp((((cutColumns + column) * 14) - left) / scale, 0, width),
                Math.Clamp(pixels.Left, 0, width),
                tolerance,
                $"left of token {token}"
            );
            Assert.AreEqual(
                Math.Clamp((((cutRows + row) * 14) - top) / scale, 0, height),
                Math.Clamp(pixels.Top, 0, height),
                tolerance,
                $"top of token {token}"
            );
            Assert.AreEqual(
                Math.Clamp((((cutColumns + column + 1) * 14) - left) / scale, 0, width),
                Math.Clamp(pixels.Right, 0, width),
                tolerance,
                $"right of token {token}"
            );
            Assert.AreEqual(
                Math.Clamp((((cutRows + row + 1) * 14) - top) / scale, 0, height),
                Math.Clamp(pixels.Bottom, 0, height),
                tolerance,
                $"bottom of token {token}"
            );
        }
    }

    // Patches of 14 pixels leave the last 4 of a view unseen; between tiles these count as the cells'. Of four and of nine tiles 6 x 6
    // cells are left.
    [TestMethod]
    [DataRow(1, 1, 14.0, 14.0)]
    [DataRow(1, 3, 14.0, 15.0)]
    [DataRow(2, 2, 20.0, 20.0)]
    [DataRow(3, 3, 30.0, 30.0)]
    public void ATokenOfTilesThatPatchesDoNotFillLightsUpItsPartOfThem(int rows, int columns, double cellHeight, double cellWidth)
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteLlavaOneVision(folder));
        ImageRequest request = new(ImageFit.Stretch, null, Tiles: (rows, columns), Views: MapViews.Tiles);
        VisualLayout layout = images.Plan(request)!.Layout;
        ImageGeometry geometry = images.Place(Width, Height, request);
        (double across, double down) = (Width / (60.0 * columns), Height / (60.0 * rows));
        for (int token = 16; token < layout.Tokens; token++)
        {
            (int row, int column) = Math.DivRem(token - 16, layout.Grid.Width + 1);
            if (column == layout.Grid.Width)
            {
                Assert.IsEmpty(layout[token]);
                continue;
            }

            Assert.AreEqual(((row * layout.Grid.Width) + column, 1f), layout[token].Single());
            (double Left, double Top, double Right, double Bottom) pixels = geometry.CellToPixels(row, column);
            Assert.AreEqual(column * cellWidth * across, pixels.Left, Tolerance);
            Assert.AreEqual(row * cellHeight * down, pixels.Top, Tolerance);
            Assert.AreEqual((column + 1) * cellWidth * across, pixels.Right, Tolerance);
            Assert.AreEqual((row + 1) * cellHeight * down, pixels.Bottom, Tolerance);
        }
    }

    [TestMethod]
    public void AWholeViewAsFineAsItsOnlyTileIsNotACellsOwnToken()
    {
        using TemporaryFolder folder = new();
        VisualLayout layout = TiledFolders
            .Images(TiledFolders.WriteLlavaOneVision(folder))
            .Plan(new ImageRequest(ImageFit.Pad, null))!
            .Layout;
        Assert.AreEqual(new MapGrid(4, 4), layout.Grid);
        CollectionAssert.AreEqual(Enumerable.Range(0, 16).Select(cell => 16 + (cell / 4 * 5) + (cell % 4)).ToArray(), layout.TokenOfCell());
    }

    /// <summary>How many pixels of an image a resolution shows.</summary>
    private static double Shown((int Width, int Height) size, int width, int height)
    {
        double scale = Math.Min((double)size.Width / width, (double)size.Height / height);
        return Math.Min((int)(width * scale) * (int)(height * scale), width * height);
    }

    /// <summary>Compares the map of each token with the rectangle of the image that its view's pixels come from.</summary>
    private static void Check(
        IImagePreprocessor images,
        int cells,
        int imageToken,
        IEnumerable<(int Rows, int Columns)> shapes,
        MapViews views,
        bool wholeFirst,
        Func<(int, int), bool> hasWhole
    )
    {
        foreach ((int Rows, int Columns) tiles in shapes)
        {
            ImageRequest request = new(ImageFit.Stretch, null, Tiles: tiles, Views: views);
            ImageSpan span = images.Plan(request)!;
            ImageGeometry geometry = images.Place(Width, Height, request);
            Assert.AreEqual(geometry.Grid, span.Layout.Grid);
            (double Left, double Top, double Right, double Bottom)[] expected = Rectangles(tiles, cells, wholeFirst, hasWhole(tiles));
            int viewTokens = cells * cells;
            int wholeStart = wholeFirst ? 0 : expected.Length - viewTokens;
            int seen = 0;
            int[] order = wholeFirst ? RowsOfTokens(tiles, cells) : [.. Enumerable.Range(0, expected.Length)];
            for (int token = 0; token < span.Ids.Count; token++)
            {
                float[] lit = new float[span.Layout.Tokens];
                lit[token] = 1;
                float[] map = span.Layout.Apply(lit);
                int index = span.Ids[token] != imageToken ? -1 : order[seen++];
                bool isWhole = hasWhole(tiles) && index >= wholeStart && index < wholeStart + viewTokens;
                bool shown = index >= 0 && (!hasWhole(tiles) || views == MapViews.All || isWhole == (views == MapViews.Whole));
                if (!shown)
                {
                    Assert.IsTrue(Array.TrueForAll(map, value => value == 0), $"{tiles}, token {token} shows nothing");
                    continue;
                }

                (double left, double top, double right, double bottom) = expected[index];
                for (int cell = 0; cell < map.Length; cell++)
                {
                    (double cellLeft, double cellTop, double cellRight, double cellBottom) = geometry.CellToPixels(
                        cell / geometry.Grid.Width,
                        cell % geometry.Grid.Width
                    );
                    double overlap =
                        Math.Max(0, Math.Min(right, cellRight) - Math.Max(left, cellLeft))
                        * Math.Max(0, Math.Min(bottom, cellBottom) - Math.Max(top, cellTop));
                    Assert.AreEqual(
                        overlap / ((right - left) * (bottom - top)),
                        map[cell],
                        Tolerance,
                        $"{tiles}, token {token}, cell {cell}"
                    );
                }
            }

            Assert.AreEqual(order.Length, seen, $"{tiles}: visual tokens");
        }
    }

    /// <summary>The rectangles that the cells of each view show, view after view.</summary>
    private static (double Left, double Top, double Right, double Bottom)[] Rectangles(
        (int Rows, int Columns) tiles,
        int cells,
        bool wholeFirst,
        bool hasWhole
    )
    {
        IEnumerable<(double, double, double, double)> whole = View(0, 0, Width, Height, cells);
        IEnumerable<(double, double, double, double)> cut = Enumerable
            .Range(0, tiles.Rows * tiles.Columns)
            .SelectMany(tile =>
            {
                (double width, double height) = ((double)Width / tiles.Columns, (double)Height / tiles.Rows);
                return View(tile % tiles.Columns * width, tile / tiles.Columns * height, width, height, cells);
            });
        return [.. wholeFirst ? whole : [], .. cut, .. hasWhole && !wholeFirst ? whole : []];
    }

    private static IEnumerable<(double Left, double Top, double Right, double Bottom)> View(
        double left,
        double top,
        double width,
        double height,
        int cells
    ) =>
        Enumerable
            .Range(0, cells * cells)
            .Select(cell =>
                (
                    left + (width * (cell % cells) / cells),
                    top + (height * (cell / cells) / cells),
                    left + (width * ((cell % cells) + 1) / cells),
                    top + (height * ((cell / cells) + 1) / cells)
                )
            );

    /// <summary>
    /// For each token after a whole view and rows over all tiles, its place in views one after the other; -1 for newlines.
    /// </summary>
    private static int[] RowsOfTokens((int Rows, int Columns) tiles, int cells)
    {
        List<int> order = [.. Enumerable.Range(0, cells * cells)];
        for (int row = 0; row < tiles.Rows * cells; row++)
        {
            for (int column = 0; column < tiles.Columns * cells; column++)
            {
                int tile = (row / cells * tiles.Columns) + (column / cells);
                order.Add((cells * cells * (1 + tile)) + (row % cells * cells) + (column % cells));
            }

            order.Add(-1);
        }

        return [.. order];
    }
}
