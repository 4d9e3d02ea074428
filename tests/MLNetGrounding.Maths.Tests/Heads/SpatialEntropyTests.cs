namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class SpatialEntropyTests
{
    private static readonly LocalizationHeadOptions Defaults = new();

    [TestMethod]
    public void OnePlaceHasNoneAndEqualPlacesHaveTheLogarithmOfTheirNumber()
    {
        var map = new float[64];
        map[0] = 0.2f;
        Assert.AreEqual(0, SpatialEntropy.Of(map, 8, 8, Defaults));
        map[7] = map[56] = map[63] = 0.2f;
        Assert.AreEqual(Math.Log(4), SpatialEntropy.Of(map, 8, 8, Defaults), 1e-12);
    }

    [TestMethod]
    public void OnePlaceHasExactlyNoneWhateverItsMassAndShape()
    {
        var random = new Random(11);
        for (var repetition = 0; repetition < 20_000; repetition++)
        {
            var (height, width) = (random.Next(3, 25), random.Next(3, 25));
            var map = new float[height * width];
            var (row, column) = (random.Next(height - 1), random.Next(width - 1));
            foreach (var cell in new[] { row * width + column, row * width + column + 1, (row + 1) * width + column }[..random.Next(1, 4)])
            {
                map[cell] = 0.3f + random.NextSingle();
            }
            // Where the lesser cells are below the mean, those above it are still one place.
            Assert.AreEqual(0.0, SpatialEntropy.Of(map, height, width, Defaults), $"{string.Join(", ", map.Where(value => value > 0))} on {height} x {width}");
        }
    }

    [TestMethod]
    public void SharesAreOfTheExcessOverTheMean()
    {
        // Mean 1; excess 2 and 6.
        float[] map = [3, 0, 0, 0, 0, 0, 0, 0, 7, 0];
        var (small, large) = (2 / 8.0, 6 / 8.0);
        Assert.AreEqual(-small * Math.Log(small) - large * Math.Log(large), SpatialEntropy.Of(map, 1, 10, Defaults), 1e-12);
    }

    [TestMethod]
    public void CellsThatTouchAtACornerAreOnePlace()
    {
        float[] map = [1, 0, 0, 0, 1, 0, 0, 0, 0];
        Assert.AreEqual(0, SpatialEntropy.Of(map, 3, 3, Defaults), 1e-12);
        Assert.AreEqual(Math.Log(2), SpatialEntropy.Of(map, 3, 3, Defaults with { Connectivity = Connectivity.Four }), 1e-12);
    }

    [TestMethod]
    public void AMapWithoutAPlaceIsInfinitelyScattered()
    {
        Assert.AreEqual(double.PositiveInfinity, SpatialEntropy.Of(new float[9], 3, 3, Defaults));
        Assert.AreEqual(double.PositiveInfinity, SpatialEntropy.Of(Enumerable.Repeat(0.25f, 9).ToArray(), 3, 3, Defaults));
        Assert.AreEqual(double.PositiveInfinity, SpatialEntropy.Of([0.0010f, 0.0011f, 0.0012f], 1, 3, Defaults), "Nothing exceeds the mean by 0.001.");
    }

    [TestMethod]
    [DataRow(Connectivity.Four, 0.001)]
    [DataRow(Connectivity.Eight, 0.001)]
    [DataRow(Connectivity.Eight, 0.2)]
    [DataRow(Connectivity.Four, 0.0)]
    public void ItIsWhatTheSlowTwinComputes(Connectivity connectivity, double threshold)
    {
        var random = new Random(5);
        var finite = 0;
        foreach (var (height, width) in new[] { (1, 1), (1, 9), (7, 5), (12, 12) })
        {
            for (var repetition = 0; repetition < 20; repetition++)
            {
                var map = RandomMaps.Attention(random, 1, height * width);
                var expected = ScatteredMass.Entropy(map, height, width, threshold, connectivity);
                var entropy = SpatialEntropy.Of(map, height, width, Defaults with { Connectivity = connectivity, ComponentThreshold = threshold });
                if (double.IsFinite(expected))
                {
                    finite++;
                    Assert.AreEqual(expected, entropy, 1e-9);
                }
                else
                {
                    Assert.AreEqual(expected, entropy);
                }
            }
        }
        Assert.IsGreaterThan(30, finite);
    }

    [TestMethod]
    public void AttentionThatIsNoNumberIsRefused()
    {
        foreach (var value in new[] { float.NaN, -1, float.PositiveInfinity })
        {
            Assert.Contains("cell 2", Assert.ThrowsExactly<ArgumentException>(() => SpatialEntropy.Of([0, 1, value], 1, 3, Defaults)).Message);
        }
    }
}
