using System.Text.Json;
using MLNetGrounding.Prediction;

namespace MLNetGrounding.Tests.Prediction;

[TestClass]
public sealed class PredictedRegionTests
{
    [TestMethod]
    public void TheBoxIsThatOfTheLargestPart()
    {
        PredictedRegion region = Region("##....", "#...##", "...###", "#....#");
        Assert.AreEqual(new PixelBox(30, 10, 30, 30), region.Box);
        CollectionAssert.AreEqual(new PixelBox[] { new(30, 10, 30, 30), new(0, 0, 20, 20), new(0, 30, 10, 10) }, region.Boxes.ToArray());
    }

    [TestMethod]
    public void CellsThatTouchAtACornerAreTwoParts()
    {
        PredictedRegion region = Region("#.", ".#");
        CollectionAssert.AreEqual(new PixelBox[] { new(0, 0, 10, 10), new(10, 10, 10, 10) }, region.Boxes.ToArray());
    }

    [TestMethod]
    public void RowsDoNotHangTogetherAroundTheEdge() => Assert.HasCount(2, Region("..#", "#..").Boxes);

    [TestMethod]
    public void OfEquallyLargePartsTheFirstInRasterOrderCounts() =>
        Assert.AreEqual(new PixelBox(20, 0, 10, 20), Region("..#.", "#.#.", "#...").Box);

    [TestMethod]
    public void AWindingPartIsOne() => Assert.HasCount(1, Region("#####", "....#", "###.#", "#...#", "#####").Boxes);

    [TestMethod]
    public void BoxesAreWholePixelsThatCoverTheCells()
    {
        // Cells of 10/3 pixels.
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 10, 10, 30, 30, new MapGrid(3, 3), 10, 10);
        Assert.AreEqual(new PixelBox(3, 3, 4, 4), Region(geometry, "...", ".#.", "...").Box);
    }

    [TestMethod]
    public void BoxesEndWithTheImageAndWhatLiesInThePaddingHasNone()
    {
        // A wide image: padding above and below, half a cell each of rows 1 and 2 is image.
        var geometry = ImageGeometry.Create(ImageFit.Pad, 40, 10, 40, 40, new MapGrid(4, 4), 10, 10);
        PredictedRegion region = Region(geometry, "####", "....", ".#..", "....");
        Assert.AreEqual(new PixelBox(10, 5, 10, 5), region.Box);
        Assert.HasCount(1, region.Boxes);
        Assert.IsNull(Region(geometry, "####", "....", "....", "####").Box);
    }

    [TestMethod]
    public void ABoxIsJsonAsItIs() =>
        Assert.AreEqual("""{"X":1,"Y":2,"Width":3,"Height":4}""", JsonSerializer.Serialize<PixelBox?>(new PixelBox(1, 2, 3, 4)));

    [TestMethod]
    public void PartsAreThoseThatPathsOfEdgesFind()
    {
        Random random = new(3);
        for (int round = 0; round < 200; round++)
        {
            MapGrid grid = new(random.Next(1, 8), random.Next(1, 8));
            bool[] cells = [.. Enumerable.Range(0, grid.Cells).Select(_ => random.NextDouble() < 0.55)];
            string[] found = [.. RegionComponents.Of(cells, grid).Select(part => string.Join(',', part.Order()))];
            CollectionAssert.AreEqual(Slowly(cells, grid), found);
        }
    }

    /// <summary>Every cell takes the smallest number that its neighbors have, until nothing changes.</summary>
    private static string[] Slowly(bool[] cells, MapGrid grid)
    {
        int[] label = [.. Enumerable.Range(0, cells.Length)];
        for (bool changed = true; changed; )
        {
            changed = false;
            for (int a = 0; a < cells.Length; a++)
            {
                for (int b = 0; b < cells.Length; b++)
                {
                    bool neighbors = Math.Abs((a / grid.Width) - (b / grid.Width)) + Math.Abs((a % grid.Width) - (b % grid.Width)) == 1;
                    if (cells[a] && cells[b] && neighbors && label[b] < label[a])
                    {
                        (label[a], changed) = (label[b], true);
                    }
                }
            }
        }

        return
        [
            .. Enumerable
                .Range(0, cells.Length)
                .Where(cell => cells[cell])
                .GroupBy(cell => label[cell])
                .OrderByDescending(part => part.Count())
                .ThenBy(part => part.Key)
                .Select(part => string.Join(',', part)),
        ];
    }

    private static PredictedRegion Region(params string[] rows) =>
        Region(
            ImageGeometry.Create(
                ImageFit.Stretch,
                rows[0].Length * 10,
                rows.Length * 10,
                rows[0].Length * 10,
                rows.Length * 10,
                new MapGrid(rows.Length, rows[0].Length),
                10,
                10
            ),
            rows
        );

    private static PredictedRegion Region(ImageGeometry geometry, params string[] rows) =>
        new([.. string.Concat(rows).Select(cell => cell == '#')], geometry.Grid, geometry);
}
