namespace MLNetGrounding.Models.Language;

[TestClass]
public sealed class RotaryAxesTests
{
    [TestMethod]
    public void SectionsAreRunsOfPairs()
    {
        IReadOnlyList<int> axes = RotaryAxes.OfPairs([16, 24, 24], interleaved: false, 64);
        for (int pair = 0; pair < 64; pair++)
        {
            Assert.AreEqual(
                pair < 16 ? 0
                    : pair < 40 ? 1
                    : 2,
                axes[pair]
            );
        }
    }

    [TestMethod]
    public void InterleavedSectionsTakeTurnsAndTimeTakesTheRest()
    {
        IReadOnlyList<int> axes = RotaryAxes.OfPairs([24, 20, 20], interleaved: true, 64);
        int[] rows = [.. Enumerable.Range(0, 20).Select(index => 1 + (3 * index))];
        int[] columns = [.. Enumerable.Range(0, 20).Select(index => 2 + (3 * index))];
        CollectionAssert.AreEqual(rows, Pairs(1));
        CollectionAssert.AreEqual(columns, Pairs(2));
        Assert.AreEqual(58, rows[^1]);
        Assert.AreEqual(59, columns[^1]);

        int[] Pairs(int axis) => [.. Enumerable.Range(0, 64).Where(pair => axes[pair] == axis)];
    }
}
