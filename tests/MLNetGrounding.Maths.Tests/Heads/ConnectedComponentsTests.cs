namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class ConnectedComponentsTests
{
    [TestMethod]
    [DataRow(Connectivity.Four)]
    [DataRow(Connectivity.Eight)]
    public void TheLargestComponentEqualsTheFloodFills(Connectivity connectivity)
    {
        var random = new Random(1);
        for (int repetition = 0; repetition < 400; repetition++)
        {
            (int height, int width) = repetition % 100 == 0 ? (40, 41) : (random.Next(1, 25), random.Next(1, 25));
            double density = random.NextDouble();
            bool[] active = new bool[height * width];
            for (int cell = 0; cell < active.Length; cell++)
            {
                active[cell] = random.NextDouble() < density;
            }
            bool[] largest = new bool[active.Length];
            int size = ConnectedComponents.Largest(active, height, width, connectivity, largest);
            CollectionAssert.AreEqual(FloodFill.Largest(active, height, width, connectivity), largest);
            Assert.AreEqual(largest.Count(cell => cell), size);
            Assert.AreEqual(size, ConnectedComponents.Largest(active, height, width, connectivity, []));
        }
    }

    [TestMethod]
    [DataRow(Connectivity.Four)]
    [DataRow(Connectivity.Eight)]
    public void TheLargestComponentInBitsEqualsTheFloodFills(Connectivity connectivity)
    {
        var random = new Random(2);
        for (int repetition = 0; repetition < 2_000; repetition++)
        {
            (int height, int width) = (random.Next(1, 30), repetition % 4 == 0 ? 64 - random.Next(2) : random.Next(1, 30));
            double density = random.NextDouble();
            bool[] active = new bool[height * width];
            ulong[] rows = new ulong[height];
            for (int cell = 0; cell < active.Length; cell++)
            {
                // Snakes beside noise: cells that hang together over many rows.
                active[cell] = repetition % 5 == 0 ? (cell / width + cell % width * 3) % 7 < 3 : random.NextDouble() < density;
                rows[cell / width] |= (active[cell] ? 1UL : 0) << (cell % width);
            }
            bool[] expected = FloodFill.Largest(active, height, width, connectivity);
            int[] scratch = new int[BitComponents.ScratchFor(height, width)];
            ulong[] largest = new ulong[height];
            largest.AsSpan().Fill(ulong.MaxValue);
            Assert.AreEqual(expected.Count(cell => cell), BitComponents.Largest(rows, connectivity, scratch, largest));
            CollectionAssert.AreEqual(
                expected,
                Enumerable.Range(0, active.Length).Select(cell => (largest[cell / width] >> (cell % width) & 1) != 0).ToArray()
            );
            Assert.AreEqual(expected.Count(cell => cell), BitComponents.Largest(rows, connectivity, scratch, []));
        }
    }

    [TestMethod]
    public void OfEqualComponentsTheFirstInRasterOrderWins()
    {
        // The right one's first cell comes first, though the left one reaches its full size no later.
        bool[] active = [false, false, true, true, false, true, true, false, false];
        bool[] largest = new bool[9];
        Assert.AreEqual(2, ConnectedComponents.Largest(active, 3, 3, Connectivity.Four, largest));
        CollectionAssert.AreEqual(new[] { false, false, true, false, false, true, false, false, false }, largest);
    }

    [TestMethod]
    public void NothingActiveIsNoComponent()
    {
        bool[] largest = new[] { true, true, true, true };
        Assert.AreEqual(0, ConnectedComponents.Largest(new bool[4], 2, 2, Connectivity.Four, largest));
        Assert.IsFalse(largest.Any(cell => cell));
    }
}
