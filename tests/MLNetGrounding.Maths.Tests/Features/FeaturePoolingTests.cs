namespace MLNetGrounding.Maths.Features;

[TestClass]
public sealed class FeaturePoolingTests
{
    private static readonly PoolingOptions Defaults = new();

    // Three features of four cells.
    private static readonly float[] Features = [1, 10, 100, 2, 20, 200, 3, 30, 300, 4, 40, 400];

    [TestMethod]
    public void DefaultsAreTheMassOfTheWholeMap()
    {
        Assert.AreEqual(PoolingWeights.MapMass, Defaults.Weights);
        Assert.AreEqual(0.05, Defaults.RegionThreshold);
        Defaults.Validate();
        Assert.AreEqual(
            "Weights",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(new PoolingOptions { Weights = (PoolingWeights)7 }.Validate).ParamName
        );
        Assert.AreEqual(
            "RegionThreshold",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(new PoolingOptions { RegionThreshold = 1.5 }.Validate).ParamName
        );
    }

    [TestMethod]
    public void CellsCountAsTheOptionSays()
    {
        float[] map = [1, 0, 3, 0.5f];
        CollectionAssert.AreEqual(Expected(1 / 4.5, 0, 3 / 4.5, 0.5 / 4.5), Pooled(map, Defaults));
        CollectionAssert.AreEqual(Expected(0.5, 0, 0.5, 0), Pooled(map, new() { Weights = PoolingWeights.Region, RegionThreshold = 0.2 }));
        CollectionAssert.AreEqual(
            Expected(0.25, 0, 0.75, 0),
            Pooled(map, new() { Weights = PoolingWeights.RegionMass, RegionThreshold = 0.2 })
        );
    }

    [TestMethod]
    public void OneCellGivesItsFeatures()
    {
        foreach (PoolingWeights weights in Enum.GetValues<PoolingWeights>())
        {
            CollectionAssert.AreEqual(new float[] { 2, 20, 200 }, Pooled([0, 0.3f, 0, 0], new() { Weights = weights }));
        }
    }

    [TestMethod]
    public void AMapThatPrefersNoCellWeighsAllEqually()
    {
        foreach (PoolingWeights weights in Enum.GetValues<PoolingWeights>())
        {
            foreach (float value in new[] { 0, 0.3f })
            {
                CollectionAssert.AreEqual(new[] { 2.5f, 25, 250 }, Pooled([value, value, value, value], new() { Weights = weights }));
            }
        }
    }

    [TestMethod]
    public void TheScaleOfTheMapDoesNotMatter()
    {
        var random = new Random(6);
        foreach (PoolingWeights weights in Enum.GetValues<PoolingWeights>())
        {
            float[] map = RandomMaps.Attention(random, 1, 4);
            CollectionAssert.AreEqual(
                Pooled(map, new() { Weights = weights }),
                Pooled([.. map.Select(value => 64 * value)], new() { Weights = weights })
            );
        }
    }

    [TestMethod]
    public void WhatIsNoMapIsRefused()
    {
        foreach (float value in new[] { float.NaN, -1, float.PositiveInfinity })
        {
            Assert.ThrowsExactly<ArgumentException>(() => Pooled([0, 1, 2, value], Defaults));
        }
        Assert.ThrowsExactly<ArgumentException>(() => Pooled([0, 1, 2], Defaults));
    }

    private static float[] Expected(params double[] weights) =>
        [.. Enumerable.Range(0, 3).Select(index => (float)weights.Select((weight, cell) => weight * Features[cell * 3 + index]).Sum())];

    private static float[] Pooled(float[] map, PoolingOptions options)
    {
        float[] pooled = new float[3];
        FeaturePooling.Pool(Features, map, options, pooled);
        return pooled;
    }
}
