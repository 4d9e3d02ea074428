namespace MLNetGrounding.Maths.Geometry;

[TestClass]
public sealed class MapGridTests
{
    [TestMethod]
    public void AGridIsHeightByWidth()
    {
        var grid = new MapGrid(10, 16);
        Assert.AreEqual((10, 16, 160, "10 x 16"), (grid.Height, grid.Width, grid.Cells, grid.ToString()));
        (int height, int width) = grid;
        Assert.AreEqual((10, 16), (height, width));
        Assert.AreNotEqual(new MapGrid(16, 10), grid);
    }

    [TestMethod]
    public void SidesArePositiveAndCellsCanBeCounted()
    {
        Assert.AreEqual("Height", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MapGrid(0, 1)).ParamName);
        Assert.AreEqual("Width", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MapGrid(1, -1)).ParamName);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MapGrid(1 << 16, 1 << 15)).Message,
            "65536 x 32768"
        );
        Assert.AreEqual(int.MaxValue, new MapGrid(1, int.MaxValue).Cells);
    }

    [TestMethod]
    [DataRow(256, 1.0, 16, 16)]
    [DataRow(256, 16.0 / 9, 12, 21)]
    [DataRow(576, 1.5, 20, 30)]
    [DataRow(576, 0.5, 34, 17)]
    [DataRow(100, 16.0, 2, 32, DisplayName = "2.5 rows are 2")]
    [DataRow(1, 100.0, 1, 100)]
    [DataRow(10, 0.01, 32, 1)]
    public void AGridOfSomeCellsHasTheShapeOfTheImages(int cells, double aspectRatio, int rows, int columns) =>
        Assert.AreEqual(new MapGrid(rows, columns), MapGrid.OfCells(cells, aspectRatio));

    [TestMethod]
    public void AGridOfNoCellsOrNoShapeIsRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MapGrid.OfCells(0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MapGrid.OfCells(10, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MapGrid.OfCells(10, double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MapGrid.OfCells(int.MaxValue, 1));
    }

    [TestMethod]
    [DataRow("10 x 16")]
    [DataRow("10x16")]
    [DataRow(" 10 X 16 ")]
    public void AGridIsReadFromText(string text)
    {
        Assert.IsTrue(MapGrid.TryParse(text, out MapGrid grid));
        Assert.AreEqual(new MapGrid(10, 16), grid);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("10")]
    [DataRow("0 x 16")]
    [DataRow("-1 x 16")]
    [DataRow("10 x 16 x 3")]
    [DataRow("10 x")]
    [DataRow("10.0 x 16")]
    [DataRow("65536 x 65536")]
    [DataRow("99999999999 x 1")]
    public void OtherTextIsNoGrid(string? text)
    {
        Assert.IsFalse(MapGrid.TryParse(text, out MapGrid grid));
        Assert.AreEqual(default, grid);
    }
}
