namespace MLNetGrounding.Models.Abstractions;

[TestClass]
public sealed class VisualLayoutTests
{
    private static readonly MapGrid Grid = new(2, 3);

    /// <summary>A class token, six cells, and a whole view of one token over all of them.</summary>
    private static VisualLayout Mixed =>
        VisualLayout.Create(
            Grid,
            [
                [],
                .. Enumerable.Range(0, 6).Select(cell => (IReadOnlyList<(int, float)>)[(cell, 1f)]),
                [.. Enumerable.Range(0, 6).Select(cell => (cell, 1 / 6f))],
            ]
        );

    [TestMethod]
    public void TokensThatAreCellsRowByRowAreCopied()
    {
        var layout = VisualLayout.RowByRow(Grid);
        Assert.IsTrue(layout.IsRowByRow);
        float[] cells = new float[6];
        layout.Apply([1, 2, 3, 4, 5, 6], cells);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, cells);
        Assert.AreEqual(
            layout,
            VisualLayout.Create(Grid, Enumerable.Range(0, 6).Select(cell => (IReadOnlyList<(int, float)>)[(cell, 1f)]))
        );
    }

    [TestMethod]
    public void AClassTokenShowsNothingAndAWholeViewIsSpreadWithItsSumKept()
    {
        float[] cells = new float[6];
        Mixed.Apply([100, 1, 2, 3, 4, 5, 6, 12], cells);
        float[] expected = [3, 4, 5, 6, 7, 8];
        for (int cell = 0; cell < 6; cell++)
        {
            Assert.AreEqual(expected[cell], cells[cell], 1e-5f);
        }

        Assert.AreEqual(1 + 2 + 3 + 4 + 5 + 6 + 12, cells.Sum(), 1e-4f);
    }

    [TestMethod]
    public void EachTokenLightsUpItsOwnCells()
    {
        for (int token = 0; token < Mixed.Tokens; token++)
        {
            float[] tokens = new float[Mixed.Tokens];
            tokens[token] = 1;
            float[] cells = new float[6];
            Mixed.Apply(tokens, cells);
            for (int cell = 0; cell < 6; cell++)
            {
                Assert.AreEqual(
                    Mixed[token].Where(shown => shown.Cell == cell).Sum(shown => shown.Share),
                    cells[cell],
                    $"token {token}, cell {cell}"
                );
            }
        }
    }

    [TestMethod]
    public void AMaskHasMaximumOneAlsoWhereTheLargestTokenShowsNothing()
    {
        float[] mask = new float[6];
        Mixed.ApplyMask([1, 0.1f, 0.2f, 0, 0, 0, 0.4f, 0], mask);
        Assert.AreEqual(1, mask.Max());
        Assert.AreEqual(0.5f, mask[1], 1e-6f);
    }

    [TestMethod]
    public void CellsAndTokensFindEachOther()
    {
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, 5, 6 }, Mixed.TokenOfCell());
        CollectionAssert.AreEqual(
            new[] { false, false, true, false, false, false, false, true },
            Mixed.TokensOf([false, true, false, false, false, false])
        );
    }

    [TestMethod]
    public void CellsOutsideTheGridAndSharesThatAreNoneAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() =>
            VisualLayout.Create(
                Grid,
                [
                    [(6, 1f)],
                ]
            )
        );
        Assert.ThrowsExactly<ArgumentException>(() =>
            VisualLayout.Create(
                Grid,
                [
                    [(0, -1f)],
                ]
            )
        );
        Assert.ThrowsExactly<ArgumentException>(() =>
            VisualLayout.Create(
                Grid,
                [
                    [(0, float.NaN)],
                ]
            )
        );
        Assert.ThrowsExactly<ArgumentException>(() => Mixed.Apply([1], new float[6]));
    }
}
