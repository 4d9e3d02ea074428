namespace MLNetGrounding.Models.Families.QwenVl;

[TestClass]
public sealed class WindowOrderTests
{
    [TestMethod]
    [DataRow(4, 4, 4, 1)]
    [DataRow(8, 12, 4, 1)]
    [DataRow(5, 8, 4, 2)]
    [DataRow(5, 6, 4, 4)]
    [DataRow(11, 3, 4, 2)]
    [DataRow(3, 3, 1, 1)]
    [DataRow(2, 3, 9, 1)]
    public void CellsOfAWindowAreNeighborsAndWindowsOfOneSizeAreTogether(int rows, int columns, int side, int sizes)
    {
        var order = WindowOrder.Of(new MapGrid(rows, columns), side);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, rows * columns).ToArray(), order.Cells.ToArray());
        Assert.HasCount(sizes, order.Groups);
        int at = 0;
        List<(int, int)> windows = [];
        foreach (WindowGroup group in order.Groups)
        {
            Assert.AreEqual(at, group.Start);
            for (int window = 0; window < group.Windows; window++, at += group.Tokens)
            {
                int[] cells = [.. order.Cells.Skip(at).Take(group.Tokens)];
                (int, int)[] places = [.. cells.Select(cell => (cell / columns / side, cell % columns / side)).Distinct()];
                Assert.HasCount(1, places);
                CollectionAssert.AreEqual(cells.Order().ToArray(), cells);
                windows.Add(places[0]);
            }
        }

        Assert.AreEqual(rows * columns, at);
        Assert.HasCount(windows.Count, windows.Distinct());
        long[] back = order.Places();
        Assert.IsTrue(Enumerable.Range(0, rows * columns).All(cell => order.Cells[(int)back[cell]] == cell));
    }
}
