namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class MapMassTests
{
    [TestMethod]
    public void ValuesBelowZeroAreNoMass()
    {
        Assert.AreEqual(0.75, MapMass.Inside([-5, 3, 1], [1, 1, 0]));
        Assert.AreEqual(0.25, MapMass.Inside([-5, 3, 1], [1, 0, 1]));
        Assert.AreEqual(0, MapMass.Inside([-5, 3, 1], [1, 0, 0]));
    }

    [TestMethod]
    public void AMapWithoutMassHasNothingInside()
    {
        Assert.AreEqual(0, MapMass.Inside([-1, 0, -2], [1, 1, 1]));
    }

    [TestMethod]
    public void CellsCountByTheShareThatBelongsToThePlace()
    {
        Assert.AreEqual((0.5 * 2 + 0.25 * 6) / 8, MapMass.Inside([2, 6], [0.5f, 0.25f]));
    }
}
