namespace MLNetGrounding.Maths.Heads;

/// <summary>The fast way against the slow, obvious one, on random grids, maps and options.</summary>
[TestClass]
public sealed class HeadSelectionTwinTests
{
    private static readonly (int Height, int Width)[] Grids =
    [
        (24, 24),
        (16, 16),
        (1, 1),
        (1, 7),
        (7, 1),
        (3, 5),
        (8, 8),
        (5, 63),
        (4, 64),
        (64, 64),
        (70, 9),
        (3, 65),
        (66, 67),
        (48, 48),
        (2, 130),
    ];

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void EqualsTheTwin(int seed)
    {
        var random = new Random(seed);
        int keptHeads = 0;
        for (int repetition = 0; repetition < 300; repetition++)
        {
            (int height, int width) = repetition % 3 == 0 ? Grids[random.Next(Grids.Length)] : (random.Next(1, 30), random.Next(1, 30));
            int heads = random.Next(1, 7);
            float[] maps = new float[heads * height * width];
            foreach (
                Memory<float> map in maps.Chunk(height * width).Select((_, head) => maps.AsMemory(head * height * width, height * width))
            )
            {
                FuzzedMaps.Fill(random, map.Span, width);
            }
            HeadSelectionOptions options = FuzzedMaps.Options(random);
            LayerSelection twin = PlainHeadSelection.Of(maps, heads, height, width, options);
            keptHeads += twin.Kept.Count(kept => kept);
            AssertEqual(twin, LayerSelection.Of(maps, heads, height, width, options), $"{height} x {width}, {options}");
            // A threshold that a head meets exactly.
            HeadSelectionOptions ties = options with
            {
                EntropyThreshold = Math.Clamp(twin.Entropy[random.Next(heads)], 0, 1),
                CompactnessThreshold = twin.Compactness[random.Next(heads)],
            };
            twin = PlainHeadSelection.Of(maps, heads, height, width, ties);
            AssertEqual(twin, LayerSelection.Of(maps, heads, height, width, ties), $"{height} x {width}, {ties}");
            AssertDecisionsAlone(twin, maps, heads, height, width, ties);
        }
        Assert.IsGreaterThan(100, keptHeads);
    }

    [TestMethod]
    [Timeout(60_000)]
    public void CutsAreThoseOfScalingInDoublePrecision()
    {
        var random = new Random(3);
        for (int repetition = 0; repetition < 20_000; repetition++)
        {
            double scale = Math.Max(FuzzedMaps.Value(random), float.Epsilon);
            double threshold = random.Next(4) switch
            {
                0 => 0,
                1 => 1,
                2 => random.Next(1, 16) / 16.0,
                _ => random.NextDouble(),
            };
            // Below zero cuts may fall onto zero, next to which a thousand million numbers are swallowed by the offset.
            double offset = random.Next(4) switch
            {
                0 => 0,
                1 => -threshold * scale,
                2 => -FuzzedMaps.Value(random),
                _ => FuzzedMaps.Value(random),
            };
            float smallest = ScaledThreshold.Smallest(offset, scale, threshold);
            Assert.IsTrue((smallest - offset) / scale >= threshold, $"{offset} {scale} {threshold}: {smallest}");
            Assert.IsFalse((MathF.BitDecrement(smallest) - offset) / scale >= threshold, $"{offset} {scale} {threshold}: {smallest}");
        }
    }

    [TestMethod]
    public void TheEstimatedEntropyIsWithinAMillionthOfTheExactOne()
    {
        var random = new Random(4);
        for (int repetition = 0; repetition < 2_000; repetition++)
        {
            float[] map = new float[random.Next(2, 700)];
            FuzzedMaps.Fill(random, map, width: 24);
            double exact = NormalizedEntropy.Exact(map);
            Assert.AreEqual(exact, NormalizedEntropy.Estimate(map, map.Max()), 1e-6 * exact + 1e-12);
        }
    }

    private static void AssertEqual(LayerSelection twin, LayerSelection actual, string what)
    {
        CollectionAssert.AreEqual(twin.Kept, actual.Kept, what);
        CollectionAssert.AreEqual(twin.Compactness, actual.Compactness, what);
        for (int head = 0; head < twin.Entropy.Length; head++)
        {
            Assert.AreEqual(twin.Entropy[head], actual.Entropy[head], 1e-6 * twin.Entropy[head] + 1e-12, $"{what}, head {head}");
        }
        for (int cell = 0; cell < twin.LayerMap.Length; cell++)
        {
            Assert.AreEqual(twin.LayerMap[cell], actual.LayerMap[cell], 1e-6 * twin.LayerMap[cell], $"{what}, cell {cell}");
        }
    }

    /// <summary>Nothing changes where entropy and compactness are not asked for.</summary>
    private static void AssertDecisionsAlone(
        LayerSelection twin,
        float[] maps,
        int heads,
        int height,
        int width,
        HeadSelectionOptions options
    )
    {
        bool[] kept = new bool[heads];
        float[] layerMap = new float[height * width];
        HeadSelection.Select(maps, heads, height, width, options, layerMap, kept, [], []);
        CollectionAssert.AreEqual(twin.Kept, kept);
        CollectionAssert.AreEqual(LayerSelection.Of(maps, heads, height, width, options).LayerMap, layerMap);
        Array.Clear(kept);
        HeadSelection.Select(maps, heads, height, width, options, [], kept, [], []);
        CollectionAssert.AreEqual(twin.Kept, kept);
    }
}
