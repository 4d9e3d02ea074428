namespace ClassifyBirds;

[TestClass]
public sealed class RowsComputedOnceTests
{
    [TestMethod]
    public void TheSecondReadingGoesOnWhereTheFirstStopped()
    {
        int computed = 0;
        using var rows = new RowsComputedOnce<int>(
            Enumerable
                .Range(0, 6)
                .Select(row =>
                {
                    computed++;
                    return row;
                })
        );

        CollectionAssert.AreEqual(new[] { 0, 1 }, rows.Take(2).ToArray());
        Assert.AreEqual(2, computed);
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4, 5 }, rows.ToArray());
        Assert.AreEqual(6, computed);
        Assert.ThrowsExactly<InvalidOperationException>(() => rows.ToArray());
    }
}
