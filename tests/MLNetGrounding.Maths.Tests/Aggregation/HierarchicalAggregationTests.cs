namespace MLNetGrounding.Maths.Aggregation;

[TestClass]
public sealed class HierarchicalAggregationTests
{
    [TestMethod]
    public void Defaults()
    {
        var options = new AggregationOptions();
        Assert.AreEqual(WeightNormalization.MinMax, options.Normalization);
        Assert.AreEqual(0, options.FirstLayer);
        options.Validate();
        static string? NameOf(Action validate) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(validate).ParamName;
        Assert.AreEqual("FirstLayer", NameOf(new AggregationOptions { FirstLayer = -1 }.Validate));
        Assert.AreEqual("Normalization", NameOf(new AggregationOptions { Normalization = (WeightNormalization)9 }.Validate));
    }

    [TestMethod]
    public void WeightsAreNormalizedAsAsked()
    {
        float[] layerMaps = [1, 2, 4, 2, 2, 0];
        float[] mask = [1, 0.5f, 0.5f];
        // Constrained: 1, 1, 2 and 2, 1, 0.
        Expect(new(), 0 * 1 + 1 * 2, 0 * 2 + 0.5f * 2, 1 * 4 + 0);
        Expect(new() { Normalization = WeightNormalization.Sum }, 0.25f + 2 / 3f * 2, 0.5f + 2 / 3f, 2);
        Expect(new() { Normalization = WeightNormalization.Maximum }, 0.5f + 2, 1 + 1, 4);
        Expect(new() { Normalization = WeightNormalization.AcrossLayers }, 1 / 3f + 4 / 3f, 1 + 1, 4);
        Expect(new() { FirstLayer = 1 }, 2, 1, 0);
        Expect(new() { FirstLayer = 1, Normalization = WeightNormalization.AcrossLayers }, 4 / 3f, 1, 0);

        void Expect(AggregationOptions options, params float[] expected)
        {
            float[] map = new float[3];
            HierarchicalAggregation.Aggregate(layerMaps, mask, 2, options, map);
            for (int cell = 0; cell < 3; cell++)
            {
                Assert.AreEqual(expected[cell], map[cell], 1e-6f, $"{options}, cell {cell}");
            }
        }
    }

    [TestMethod]
    public void EqualsTheTwin()
    {
        var random = new Random(2);
        for (int repetition = 0; repetition < 300; repetition++)
        {
            (int layers, int cells) = (random.Next(1, 9), random.Next(1, 90));
            float[] layerMaps = new float[layers * cells];
            float[] mask = new float[cells];
            FuzzedMaps.Fill(random, mask, width: 9);
            for (int layer = 0; layer < layers; layer++)
            {
                FuzzedMaps.Fill(random, layerMaps.AsSpan(layer * cells, cells), width: 9);
            }
            var options = new AggregationOptions { Normalization = (WeightNormalization)random.Next(4), FirstLayer = random.Next(layers) };
            float[] map = new float[cells];
            HierarchicalAggregation.Aggregate(layerMaps, mask, layers, options, map);
            double[] twin = PlainAggregation.Of(layerMaps, mask, layers, options);
            for (int cell = 0; cell < cells; cell++)
            {
                // Below float's range there is no relative accuracy to ask for.
                Assert.AreEqual(twin[cell], map[cell], 1e-6 * twin[cell] + 1e-12 * twin.Max() + float.Epsilon, $"{options}, cell {cell}");
            }
        }
    }

    [TestMethod]
    public void TheMasksScaleDoesNotMatter()
    {
        var random = new Random(1);
        float[] layerMaps = RandomMaps.Attention(random, 6, 25);
        float[] mask = RandomMaps.Attention(random, 1, 25);
        float[] larger = mask.Select(value => value * 4096).ToArray();
        foreach (WeightNormalization normalization in Enum.GetValues<WeightNormalization>())
        {
            var options = new AggregationOptions { Normalization = normalization };
            (float[]? map, float[]? same) = (new float[25], new float[25]);
            HierarchicalAggregation.Aggregate(layerMaps, mask, 6, options, map);
            HierarchicalAggregation.Aggregate(layerMaps, larger, 6, options, same);
            CollectionAssert.AreEqual(map, same);
        }
    }

    [TestMethod]
    public void ZeroMapsAndZeroMasksGiveZero()
    {
        foreach (WeightNormalization normalization in Enum.GetValues<WeightNormalization>())
        {
            float[] map = new float[4];
            var options = new AggregationOptions { Normalization = normalization };
            HierarchicalAggregation.Aggregate(new float[8], [1, 0, 1, 0], 2, options, map);
            CollectionAssert.AreEqual(new float[4], map);
            HierarchicalAggregation.Aggregate([1, 2, 3, 4, 5, 6, 7, 8], new float[4], 2, options, map);
            CollectionAssert.AreEqual(new float[4], map);
        }
    }

    [TestMethod]
    public void WhatCannotBeAggregatedIsRefused()
    {
        static void Aggregate(float[] maps, float[] mask, AggregationOptions options) =>
            HierarchicalAggregation.Aggregate(maps, mask, 2, options, new float[2]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Aggregate([0, 0, 0, float.NaN], [1, 1], new())).Message,
            "layerMaps holds NaN at element 3"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Aggregate([0, 0, 0, 0], [float.NaN, 1], new())).Message,
            "mask holds NaN at element 0"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Aggregate([0, 0, 0, 0], [1, 1], new() { FirstLayer = 2 })).Message,
            "2 layers"
        );
        Assert.ThrowsExactly<ArgumentException>(() => Aggregate([0, 0, 0], [1, 1], new()));
    }
}
