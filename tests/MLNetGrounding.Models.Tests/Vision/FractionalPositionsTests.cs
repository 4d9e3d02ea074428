namespace MLNetGrounding.Models.Vision;

[TestClass]
public sealed class FractionalPositionsTests
{
    [TestMethod]
    [DataRow(26)]
    [DataRow(27)]
    [DataRow(32)]
    public void PatchesOfMostGridsHaveTheirOwnRows(int side)
    {
        foreach (int each in Enumerable.Range(1, 18).Append(side))
        {
            CollectionAssert.AreEqual(Enumerable.Range(0, each * each).ToArray(), FractionalPositions.OfSquare(each).ToArray(), $"{each}");
        }
    }

    [TestMethod]
    [DataRow(19)]
    [DataRow(25)]
    [DataRow(29)]
    [DataRow(31)]
    [DataRow(38)]
    [DataRow(40)]
    public void RoundingMovesSinglePatchesDownByOne(int side)
    {
        int[] moved = [.. FractionalPositions.Along(side, side).Select((place, patch) => patch - place)];
        Assert.IsTrue(Array.TrueForAll(moved, steps => steps is 0 or 1));
        Assert.IsGreaterThan(0, moved.Sum());
        Assert.IsTrue(side != 25 || moved[5] == 1);
    }

    [TestMethod]
    public void FewerPatchesAreSpreadOverTheTable() => CollectionAssert.AreEqual(new[] { 0, 1, 3, 4 }, FractionalPositions.Along(4, 6));
}
