namespace MLNetGrounding.Maths;

[TestClass]
public sealed class ConnectedComponentsTests
{
    [TestMethod]
    [DataRow(Connectivity.Four)]
    [DataRow(Connectivity.Eight)]
    public void TheLargestComponentEqualsTheFloodFills(Connectivity connectivity)
    {
        var random = new Random(1);
        for (var repetition = 0; repetition < 400; repetition++)
        {
            var (height, width) = repetition % 100 == 0 ? (40, 41) : (random.Next(1, 25), random.Next(1, 25));
            var density = random.NextDouble();
            var active = new bool[height * width];
            for (var cell = 0; cell < active.Length; cell++)
            {
                active[cell] = random.NextDouble() < density;
            }
            var largest = new bool[active.Length];
            var size = ConnectedComponents.Largest(active, height, width, connectivity, largest);
            CollectionAssert.AreEqual(FloodFill.Largest(active, height, width, connectivity), largest);
            Assert.AreEqual(largest.Count(cell => cell), size);
            Assert.AreEqual(size, ConnectedComponents.Largest(active, height, width, connectivity, []));
        }
    }

    [TestMethod]
    public void OfEqualComponentsTheFirstInRasterOrderWins()
    {
        // The right one's first cell comes first, though the left one reaches its full size no later.
        bool[] active =
        [
            false, false, true,
            true, false, true,
            true, false, false,
        ];
        var largest = new bool[9];
        Assert.AreEqual(2, ConnectedComponents.Largest(active, 3, 3, Connectivity.Four, largest));
        CollectionAssert.AreEqual(new[] { false, false, true, false, false, true, false, false, false }, largest);
    }

    [TestMethod]
    public void NothingActiveIsNoComponent()
    {
        var largest = new[] { true, true, true, true };
        Assert.AreEqual(0, ConnectedComponents.Largest(new bool[4], 2, 2, Connectivity.Four, largest));
        Assert.IsFalse(largest.Any(cell => cell));
    }
}
