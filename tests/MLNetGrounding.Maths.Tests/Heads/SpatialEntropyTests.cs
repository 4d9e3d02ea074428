namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class SpatialEntropyTests
{
    private static readonly LocalizationHeadOptions June = LocalizationHeadOptions.June2025;

    [TestMethod]
    public void OnePlaceHasNoneAndEqualPlacesHaveTheLogarithmOfTheirNumber()
    {
        float[] map = new float[64];
        map[0] = 0.2f;
        Assert.AreEqual(0, SpatialEntropy.Of(map, 8, 8, June).Entropy);
        map[7] = map[56] = map[63] = 0.2f;
        Assert.AreEqual(Math.Log(4), SpatialEntropy.Of(map, 8, 8, June).Entropy, 1e-12);
    }

    [TestMethod]
    public void OnePlaceHasExactlyNoneWhateverItsMassAndShape()
    {
        var random = new Random(11);
        for (int repetition = 0; repetition < 20_000; repetition++)
        {
            (int height, int width) = (random.Next(3, 25), random.Next(3, 25));
            float[] map = new float[height * width];
            (int row, int column) = (random.Next(height - 1), random.Next(width - 1));
            foreach (int cell in new[] { row * width + column, row * width + column + 1, (row + 1) * width + column }[..random.Next(1, 4)])
            {
                map[cell] = 0.3f + random.NextSingle();
            }
            // Where the lesser cells are below the mean, those above it are still one place.
            // As they are where they are shares of all, and nothing else is above the level.
            Assert.AreEqual(0.0, SpatialEntropy.Of(map, height, width, new LocalizationHeadOptions { ComponentThreshold = 0 }).Entropy);
            Assert.AreEqual(
                0.0,
                SpatialEntropy.Of(map, height, width, June).Entropy,
                $"{string.Join(", ", map.Where(value => value > 0))} on {height} x {width}"
            );
        }
    }

    [TestMethod]
    public void SharesAreOfTheExcessOverTheMean()
    {
        // Mean 1; excess 2 and 6.
        float[] map = [3, 0, 0, 0, 0, 0, 0, 0, 7, 0];
        (double small, double large) = (2 / 8.0, 6 / 8.0);
        Assert.AreEqual(-small * Math.Log(small) - large * Math.Log(large), SpatialEntropy.Of(map, 1, 10, June).Entropy, 1e-12);
    }

    [TestMethod]
    public void CellsThatTouchAtACornerAreOnePlace()
    {
        float[] map = [1, 0, 0, 0, 1, 0, 0, 0, 0];
        Assert.AreEqual(0, SpatialEntropy.Of(map, 3, 3, June).Entropy, 1e-12);
        Assert.AreEqual(Math.Log(2), SpatialEntropy.Of(map, 3, 3, June with { Connectivity = Connectivity.Four }).Entropy, 1e-12);
    }

    [TestMethod]
    public void AMapWithoutAPlaceHasNone()
    {
        foreach (
            float[]? map in new[]
            {
                new float[9],
                [.. Enumerable.Repeat(0.25f, 9)],
                [0.0010f, 0.0011f, 0.0012f, 0.0011f, 0.0011f, 0.0011f, 0.0011f, 0.0011f, 0.0011f],
            }
        )
        {
            Assert.AreEqual(0, SpatialEntropy.Of(map, 3, 3, June).Components);
        }
    }

    [TestMethod]
    public void SharesOfAllCountWhatLiesInNoPlace()
    {
        // Twice the mean is 2; excess 1.5, 4.5 and, below the threshold of 1, 0.5.
        float[] map = [3.5f, 0, 0, 0, 2.5f, 0, 0, 0, 6.5f, 0, 0, 0, 0];
        double mean = map.Sum(value => (double)value) / map.Length;
        double[] excess = [3.5 - 2 * mean, 2.5 - 2 * mean, 6.5 - 2 * mean];
        LocalizationHeadOptions options = June with { MeanFactor = 2, ComponentThreshold = 1, SharesOfAll = true };
        (double small, double large) = (excess[0] / excess.Sum(), excess[2] / excess.Sum());
        AttendedPlaces places = SpatialEntropy.Of(map, 1, 13, options);
        Assert.AreEqual(2, places.Components);
        Assert.AreEqual(excess.Sum(), places.Excess, 1e-12);
        Assert.AreEqual(-small * Math.Log(small) - large * Math.Log(large), places.Entropy, 1e-12);
    }

    [TestMethod]
    public void TheThresholdGrowsWhereCellsAreFewer()
    {
        // 0.05 above the mean of 9 cells: as much as 0.00078 on 24 x 24.
        float[] map = [0.06f, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.AreEqual(1, SpatialEntropy.Of(map, 3, 3, June).Components);
        Assert.AreEqual(0, SpatialEntropy.Of(map, 3, 3, June with { ThresholdCells = 576 }).Components);
        Assert.AreEqual(1, SpatialEntropy.Of(map, 3, 3, June with { ThresholdCells = 9 }).Components);
    }

    [TestMethod]
    [DataRow(Connectivity.Four, 0.001, 1, false)]
    [DataRow(Connectivity.Eight, 0.001, 1, false)]
    [DataRow(Connectivity.Eight, 0.2, 1, false)]
    [DataRow(Connectivity.Four, 0.0, 1, false)]
    [DataRow(Connectivity.Eight, 0.001, 2, true)]
    [DataRow(Connectivity.Eight, 0.01, 1.5, true)]
    public void ItIsWhatTheSlowTwinComputes(Connectivity connectivity, double threshold, double factor, bool ofAll)
    {
        var random = new Random(5);
        int finite = 0;
        foreach ((int height, int width) in new[] { (1, 1), (1, 9), (7, 5), (12, 12) })
        {
            for (int repetition = 0; repetition < 20; repetition++)
            {
                float[] map = RandomMaps.Attention(random, 1, height * width);
                LocalizationHeadOptions options = June with
                {
                    Connectivity = connectivity,
                    ComponentThreshold = threshold,
                    MeanFactor = factor,
                    SharesOfAll = ofAll,
                };
                double expected = ScatteredMass.Entropy(map, height, width, options);
                AttendedPlaces places = SpatialEntropy.Of(map, height, width, options);
                Assert.AreEqual(double.IsFinite(expected), places.Components > 0);
                if (double.IsFinite(expected))
                {
                    finite++;
                    Assert.AreEqual(expected, places.Entropy, 1e-9);
                }
            }
        }
        Assert.IsGreaterThan(30, finite);
    }

    [TestMethod]
    public void AttentionThatIsNoNumberIsRefused()
    {
        foreach (float value in new[] { float.NaN, -1, float.PositiveInfinity })
        {
            Assert.Contains(
                "cell 2",
                Assert.ThrowsExactly<ArgumentException>(() => SpatialEntropy.Of([0, 1, value], 1, 3, June).Entropy).Message
            );
        }
    }
}
