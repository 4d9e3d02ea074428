namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class HeadSelectionTests
{
    private static readonly HeadSelectionOptions Defaults = new();

    [TestMethod]
    public void EntropyOfAUniformMapIsOne()
    {
        foreach ((int height, int width) in new[] { (2, 2), (3, 5), (24, 24), (40, 40) })
        {
            float[] map = Enumerable.Repeat(0.37f / (height * width), height * width).ToArray();
            Assert.AreEqual(1, LayerSelection.Of(map, 1, height, width, Defaults).Entropy[0], 1e-12);
        }
    }

    [TestMethod]
    public void EntropyOfOneHotCellIsZeroAndOfTwoIsLogarithmic()
    {
        float[] maps = new float[32];
        maps[5] = 0.2f;
        maps[16 + 3] = maps[16 + 12] = 0.1f;
        var selection = LayerSelection.Of(maps, 2, 4, 4, Defaults);
        Assert.AreEqual(0, selection.Entropy[0]);
        Assert.AreEqual(0.25, selection.Entropy[1], 1e-15, "ln 2 / ln 16");
    }

    [TestMethod]
    public void CompactnessOfOneBlobIsOne()
    {
        var random = new Random(1);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            float[] map = new float[24 * 24];
            (int top, int left, int height, int width) = (random.Next(12), random.Next(12), random.Next(1, 12), random.Next(1, 12));
            for (int row = top; row < top + height; row++)
            {
                for (int column = left; column < left + width; column++)
                {
                    map[row * 24 + column] = 0.1f + (float)random.NextDouble();
                }
            }
            foreach (Connectivity connectivity in Enum.GetValues<Connectivity>())
            {
                Assert.AreEqual(1, LayerSelection.Of(map, 1, 24, 24, Defaults with { Connectivity = connectivity }).Compactness[0]);
            }
        }
    }

    [TestMethod]
    public void CompactnessOfExactlyTheThresholdIsKept()
    {
        // Two blobs of one cell each: 1 of 2 active cells.
        float[] map = [1, 0, 0, 0, 1, 0, 0, 0, 0];
        var selection = LayerSelection.Of(map, 1, 3, 3, Defaults);
        Assert.AreEqual(0.5, selection.Compactness[0]);
        Assert.IsTrue(selection.Kept[0]);
        Assert.AreEqual(
            1,
            LayerSelection.Of(map, 1, 3, 3, Defaults with { Connectivity = Connectivity.Eight }).Compactness[0],
            "They touch at a corner."
        );
        Assert.IsFalse(LayerSelection.Of(map, 1, 3, 3, Defaults with { CompactnessThreshold = Math.BitIncrement(0.5) }).Kept[0]);
    }

    [TestMethod]
    public void EntropyOfExactlyTheThresholdIsKeptInBothDirections()
    {
        float[] maps = RandomMaps.Attention(new Random(2), 1, 16);
        double entropy = PlainHeadSelection.Of(maps, 1, 4, 4, Defaults).Entropy[0];
        foreach (EntropyDirection direction in Enum.GetValues<EntropyDirection>())
        {
            HeadSelectionOptions options = Defaults with
            {
                CompactnessThreshold = 0,
                EntropyThreshold = entropy,
                EntropyDirection = direction,
            };
            Assert.IsTrue(LayerSelection.Of(maps, 1, 4, 4, options).Kept[0]);
        }
        (double below, double above) = (entropy - 1e-9, entropy + 1e-9);
        Assert.IsFalse(LayerSelection.Of(maps, 1, 4, 4, Defaults with { CompactnessThreshold = 0, EntropyThreshold = below }).Kept[0]);
        Assert.IsFalse(
            LayerSelection
                .Of(
                    maps,
                    1,
                    4,
                    4,
                    Defaults with
                    {
                        CompactnessThreshold = 0,
                        EntropyThreshold = above,
                        EntropyDirection = EntropyDirection.KeepHigh,
                    }
                )
                .Kept[0]
        );
    }

    [TestMethod]
    public void RoundingDoesNotDropAHeadWhoseEntropyIsTheThreshold()
    {
        var random = new Random(13);
        for (int repetition = 0; repetition < 2_000; repetition++)
        {
            // k of k^2 cells that share the mass: ln k / ln k^2.
            int side = random.Next(2, 30);
            float[] map = new float[side * side];
            float weight = random.NextSingle();
            foreach (int column in Enumerable.Range(0, side))
            {
                map[random.Next(side) * side + column] = weight;
            }
            foreach (EntropyDirection direction in Enum.GetValues<EntropyDirection>())
            {
                HeadSelectionOptions options = Defaults with
                {
                    CompactnessThreshold = 0,
                    EntropyThreshold = 0.5,
                    EntropyDirection = direction,
                };
                Assert.IsTrue(LayerSelection.Of(map, 1, side, side, options).Kept[0], $"{direction}: {side} cells of {weight}");
            }
        }
    }

    [TestMethod]
    [DataRow(ActiveScaling.MinMax, 2)]
    [DataRow(ActiveScaling.Maximum, 3)]
    [DataRow(ActiveScaling.Sum, 1)]
    [DataRow(ActiveScaling.None, 4)]
    public void AThresholdIsInclusiveUnderEveryScaling(ActiveScaling scaling, int expectedActive)
    {
        // A row of cells: one component, whose length tells how many are active. Minimum 0.5, maximum 4, sum 8.
        float[] map = [4, 2.25f, 1.25f, 0.5f];
        double threshold = scaling switch
        {
            ActiveScaling.MinMax => 0.5,
            ActiveScaling.Maximum => 1.25 / 4,
            ActiveScaling.Sum => 0.5,
            _ => 0.5,
        };
        HeadSelectionOptions options = Defaults with
        {
            ActiveScaling = scaling,
            ActiveThreshold = threshold,
            KeptArea = KeptArea.LargestComponent,
            EntropyThreshold = 1,
            CompactnessThreshold = 0,
        };
        Assert.AreEqual(expectedActive, LayerSelection.Of(map, 1, 1, 4, options).LayerMap.Count(value => value > 0));
    }

    [TestMethod]
    public void ZeroAndConstantHeadsAreDroppedWhateverTheOptions()
    {
        float[] maps = new float[2 * 9];
        maps.AsSpan(9).Fill(0.2f);
        foreach (ActiveScaling scaling in Enum.GetValues<ActiveScaling>())
        {
            foreach (EntropyDirection direction in Enum.GetValues<EntropyDirection>())
            {
                HeadSelectionOptions options = Defaults with
                {
                    ActiveScaling = scaling,
                    EntropyDirection = direction,
                    EntropyThreshold = direction == EntropyDirection.KeepLow ? 1 : 0,
                    CompactnessThreshold = 0,
                };
                var selection = LayerSelection.Of(maps, 2, 3, 3, options);
                Assert.IsFalse(selection.Kept[0] || selection.Kept[1]);
                Assert.IsTrue(selection.LayerMap.All(value => value == 0));
                CollectionAssert.AreEqual(new double[] { 0, 0 }, selection.Compactness);
            }
        }
    }

    [TestMethod]
    public void KeptHeadsAreAggregatedAsAsked()
    {
        // Compactness 1, 1 and 2/3; all are focused enough once the entropy threshold is 1.
        float[] maps = [4, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 0, 0, 0, 8];
        HeadSelectionOptions options = Defaults with { EntropyThreshold = 1 };
        void Expect(HeadSelectionOptions changed, params float[] expected)
        {
            float[] actual = LayerSelection.Of(maps, 3, 3, 3, changed).LayerMap;
            for (int cell = 0; cell < 9; cell++)
            {
                Assert.AreEqual(expected[cell], actual[cell], 1e-6f, $"{changed} cell {cell}");
            }
        }
        Expect(options, 4, 2, 0, 8, 8, 0, 0, 0, 8);
        Expect(options with { HeadAggregation = HeadAggregation.Mean }, 2, 2f / 3, 0, 8f / 3, 8f / 3, 0, 0, 0, 8f / 3);
        Expect(options with { HeadAggregation = HeadAggregation.MostCompact, TopHeads = 2 }, 4, 2, 0, 0, 0, 0, 0, 0, 0);
        Expect(options with { HeadAggregation = HeadAggregation.MostCompact, TopHeads = 1 }, 4, 0, 0, 0, 0, 0, 0, 0, 0);
        Expect(options with { HeadAggregation = HeadAggregation.MostCompact, TopHeads = 99 }, 4, 2, 0, 8, 8, 0, 0, 0, 8);
        Expect(options with { KeptArea = KeptArea.LargestComponent }, 4, 2, 0, 8, 8, 0, 0, 0, 0);
        Expect(options with { HeadScaling = HeadScaling.MinMax }, 1, 1, 0, 1, 1, 0, 0, 0, 1);
        Expect(options with { HeadScaling = HeadScaling.Sum }, 1, 0.5f, 0, 1f / 3, 1f / 3, 0, 0, 0, 1f / 3);
        Expect(options with { HeadScaling = HeadScaling.Sum, KeptArea = KeptArea.LargestComponent }, 1, 0.5f, 0, 0.5f, 0.5f, 0, 0, 0, 0);
    }

    [TestMethod]
    public void ALayerWithoutAKeptHeadIsZeroOrTheMeanOfAllHeads()
    {
        float[] maps = [1, 1, 0.9f, 1, 3, 3, 3, 2.9f];
        var zero = LayerSelection.Of(maps, 2, 2, 2, Defaults);
        Assert.IsFalse(zero.Kept[0] || zero.Kept[1]);
        CollectionAssert.AreEqual(new float[4], zero.LayerMap);
        var mean = LayerSelection.Of(
            maps,
            2,
            2,
            2,
            Defaults with
            {
                EmptyLayer = EmptyLayer.MeanOfAllHeads,
                HeadScaling = HeadScaling.Sum,
            }
        );
        CollectionAssert.AreEqual(new[] { 2, 2, 1.95f, 1.95f }, mean.LayerMap);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(-0.5f)]
    public void WhatIsNoAttentionIsRefusedWithItsPlace(float value)
    {
        float[] maps = new float[3 * 4];
        maps[2 * 4 + 1] = value;
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => LayerSelection.Of(maps, 3, 2, 2, Defaults));
        StringAssert.Contains(error.Message, "head 2");
        StringAssert.Contains(error.Message, "cell 1");
    }

    [TestMethod]
    public void LengthsMustAgree()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => LayerSelection.Of(new float[15], 1, 4, 4, Defaults));
        StringAssert.Contains(error.Message, "maps has 15 elements, expected 16");
    }
}
