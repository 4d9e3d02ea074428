namespace MLNetGrounding.Maths;

[TestClass]
public sealed class MapContrastsTests
{
    [TestMethod]
    public void ARatioIsFiniteAndNothingOfNothingIsNothing()
    {
        float[] map = [0.5f, 0, 1e-30f, 3];
        MapContrasts.Apply(MapContrast.DividedByNeutral, map, [0.25f, 0, 0, 6]);
        CollectionAssert.AreEqual(new[] { 2, 0, float.MaxValue, 0.5f }, map);
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
