namespace MLNetGrounding.Maths.Maps;

[TestClass]
public sealed class MapContrastsTests
{
    [TestMethod]
    public void ARatioToNothingIsOneToTheLeastThatShows()
    {
        // 2^-24 of the neutral map's largest value, 8: cells without neutral attention rank by their own.
        float[] map = [0.5f, 0, 1, 2, 3];
        MapContrasts.Apply(MapContrast.DividedByNeutral, map, [0.25f, 0, 0, 0, 8]);
        CollectionAssert.AreEqual(new[] { 2, 0, 1 << 21, 1 << 22, 0.375f }, map);
    }

    [TestMethod]
    public void ANeutralMapOfZerosDividesNothing()
    {
        float[] map = [0.5f, 0, 3];
        MapContrasts.Apply(MapContrast.DividedByNeutral, map, [0, 0, 0]);
        CollectionAssert.AreEqual(new[] { 0.5f, 0, 3 }, map);
    }

    [TestMethod]
    public void ARatioIsFinite()
    {
        float[] map = [1, 1];
        MapContrasts.Apply(MapContrast.DividedByNeutral, map, [1e-44f, 1]);
        Assert.IsTrue(Array.TrueForAll(map, float.IsFinite));
        float[] tiny = [1, 1];
        MapContrasts.Apply(MapContrast.DividedByNeutral, tiny, [1e-40f, 1e-40f]);
        Assert.IsTrue(Array.TrueForAll(tiny, float.IsFinite));
    }

    [TestMethod]
    public void ADifferenceBelowNothingIsNothing()
    {
        float[] map = [0.5f, 0.25f];
        MapContrasts.Apply(MapContrast.MinusBackground, map, [0.25f, 0.5f]);
        CollectionAssert.AreEqual(new[] { 0.25f, 0 }, map);
    }

    [TestMethod]
    public void WithoutAContrastAMapStays()
    {
        float[] map = [0.5f, 0.25f];
        MapContrasts.Apply(MapContrast.None, map, []);
        CollectionAssert.AreEqual(new[] { 0.5f, 0.25f }, map);
    }
}
