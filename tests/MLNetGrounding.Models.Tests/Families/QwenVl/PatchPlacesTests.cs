using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

[TestClass]
public sealed class PatchPlacesTests
{
    [TestMethod]
    public void PatchesOfACellAreNeighbors()
    {
        PatchPlaces places = new(new MapGrid(2, 2), 2, [0, 1, 2, 3]);
        CollectionAssert.AreEqual(new[] { 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3 }, places.Rows.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3 }, places.Columns.ToArray());
    }

    [TestMethod]
    public void ATableIsStretchedCornerToCorner()
    {
        const int side = 5;
        using DisposeScope scope = NewDisposeScope();
        Tensor table = tensor(
            Enumerable.Range(0, side * side).SelectMany(entry => new float[] { entry / side, entry % side }).ToArray(),
            [side * side, 2]
        );
        PatchPlaces places = new(new MapGrid(2, 4), 2, [.. Enumerable.Range(0, 8)]);
        float[] stretched = places.Stretch(table, side).ToFloats();
        for (int patch = 0; patch < places.Rows.Count; patch++)
        {
            Assert.AreEqual(places.Rows[patch] * 4.0 / 3, stretched[2 * patch], 1e-5);
            Assert.AreEqual(places.Columns[patch] * 4.0 / 7, stretched[(2 * patch) + 1], 1e-5);
        }
    }

    [TestMethod]
    public void BetweenEntriesItIsBilinear()
    {
        using DisposeScope scope = NewDisposeScope();
        PatchPlaces places = new(new MapGrid(3, 3), 1, [.. Enumerable.Range(0, 9)]);
        float[] stretched = places.Stretch(tensor(new float[] { 0, 1, 2, 7 }, [4, 1]), 2).ToFloats();
        CollectionAssert.AreEqual(new[] { 0, 0.5f, 1, 1, 2.5f, 4, 2, 4.5f, 7 }, stretched);
    }

    [TestMethod]
    public void ASideOfOnePatchTakesTheFirstEntry()
    {
        using DisposeScope scope = NewDisposeScope();
        PatchPlaces places = new(new MapGrid(1, 2), 1, [0, 1]);
        CollectionAssert.AreEqual(new float[] { 0, 1 }, places.Stretch(tensor(new float[] { 0, 1, 2, 7 }, [4, 1]), 2).ToFloats());
    }
}
