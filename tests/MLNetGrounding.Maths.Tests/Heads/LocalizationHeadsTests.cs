namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class LocalizationHeadsTests
{
    private static readonly LocalizationHeadOptions June = LocalizationHeadOptions.June2025;

    [TestMethod]
    public void HeadsAreChosenByTheirAttentionNotByTheirNumber()
    {
        // Head 0 looks at the picture most; the head at the elbow comes later. An index compared with an index would leave head 0 out.
        float[][] maps =
        [
            OneCell(0.9f),
            OneCell(0.02f),
            OneCell(0.01f),
            OneCell(0.03f),
            OneCell(0.04f),
            OneCell(0.05f),
            OneCell(0.06f),
            OneCell(0.07f),
        ];
        CollectionAssert.AreEqual(new[] { 0 }, Selected(maps, 2, June with { HeadsPerSample = 1 }));
        CollectionAssert.AreEqual(new[] { 0, 7 }, Selected(maps, 2, June), "0.07 is the elbow and included.");
    }

    [TestMethod]
    public void OfTheHeadsThatLookThoseAtOnePlaceAreChosen()
    {
        float[] scattered = new float[16];
        scattered[0] = scattered[15] = 0.48f;
        float[][] maps = [OneCell(0.01f), scattered, OneCell(0.9f), OneCell(0.02f), OneCell(0.03f), Flat(0.95f)];
        CollectionAssert.AreEqual(new[] { 2 }, Selected(maps, 1, June with { HeadsPerSample = 1 }));
        CollectionAssert.AreEqual(new[] { 2, 4 }, Selected(maps, 1, June with { HeadsPerSample = 2 }), "0.03 is the elbow and included.");
        CollectionAssert.AreEqual(new[] { 1, 2, 4 }, Selected(maps, 1, June with { HeadsPerSample = 3 }), "Two places come after one.");
        Assert.DoesNotContain(5, Selected(maps, 1, June), "A flat head is never chosen, however much it looks.");
    }

    [TestMethod]
    public void OfEqualEntropiesTheLargerAttentionComesFirst()
    {
        float[][] maps =
        [
            OneCell(0.7f),
            OneCell(0.9f),
            OneCell(0.8f),
            OneCell(0.01f),
            OneCell(0.02f),
            OneCell(0.03f),
            OneCell(0.04f),
            OneCell(0.7f),
        ];
        CollectionAssert.AreEqual(new[] { 1, 2 }, Selected(maps, 1, June with { HeadsPerSample = 2 }));
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Selected(maps, 1, June with { HeadsPerSample = 3 }));
    }

    [TestMethod]
    public void OfHeadsThatLookAtEquallyManyPlacesTheLargerAttentionComesFirstWhateverTheMasses()
    {
        var random = new Random(12);
        for (int repetition = 0; repetition < 500; repetition++)
        {
            // Equal entropies: 0, ln 2, ln 3 or ln 4; and now and then equal sums, in other corners.
            (int Places, float Weight)[] heads =
            [
                .. Enumerable.Range(0, 24).Select(_ => (random.Next(1, 5), random.Next(4) == 0 ? 0.5f : 0.2f + random.NextSingle())),
            ];
            float[][] maps = [.. heads.Select(head => Corners(head.Places, head.Weight / head.Places, random.Next(4)))];
            float[] sums = [.. maps.Select(map => (float)map.Sum(value => (double)value))];
            double elbow = AttentionElbow.Of([.. sums.Select(sum => (double)sum)]);
            int[] ranked =
            [
                .. Enumerable
                    .Range(0, heads.Length)
                    .Where(head => sums[head] >= elbow)
                    .OrderBy(head => heads[head].Places)
                    .ThenByDescending(head => sums[head])
                    .ThenBy(head => head),
            ];
            for (int count = 1; count <= ranked.Length; count++)
            {
                CollectionAssert.AreEqual(
                    ranked[..count].Order().ToArray(),
                    Selected(maps, 3, June with { HeadsPerSample = count }, 6),
                    $"{count} of {string.Join(", ", heads)}"
                );
            }
        }
    }

    [TestMethod]
    public void EarlyLayersCanBeLeftOut()
    {
        float[][] maps = [OneCell(0.9f), OneCell(0.8f), OneCell(0.1f), OneCell(0.6f)];
        CollectionAssert.AreEqual(new[] { 3 }, Selected(maps, 2, June with { FirstLayer = 1, HeadsPerSample = 1 }));
        Assert.IsEmpty(Selected(maps, 2, June with { FirstLayer = 2 }));
        CollectionAssert.AreEqual(
            new[] { 0 },
            Selected(maps, 2, June with { FirstLayer = 2, FallBackToLargestSum = true }),
            "of any layer"
        );
    }

    [TestMethod]
    public void TheyAreWhatTheDefinitionSaysWrittenPlainly()
    {
        var random = new Random(8);
        for (int repetition = 0; repetition < 30; repetition++)
        {
            float[][] maps = [.. Enumerable.Range(0, 24).Select(_ => RandomMaps.Attention(random, 1, 36))];
            double elbow = AttentionElbow.Of([.. maps.Select(map => map.Sum(value => (double)value))]);
            int[] expected = Enumerable
                .Range(0, maps.Length)
                .Where(head => maps[head].Sum(value => (double)value) >= elbow)
                .OrderBy(head => ScatteredMass.Entropy(maps[head], 6, 6, June))
                .Take(4)
                .Order()
                .ToArray();
            CollectionAssert.AreEqual(expected, Selected(maps, 3, June with { HeadsPerSample = 4 }, 6));
        }
    }

    [TestMethod]
    public void TheElbowIsThatOfAllLayers()
    {
        // Of the second layer alone, 0.3 would be the elbow.
        float[][] maps =
        [
            OneCell(0.9f),
            OneCell(0.85f),
            OneCell(0.8f),
            OneCell(0.2f),
            OneCell(0.3f),
            OneCell(0.82f),
            OneCell(0.01f),
            OneCell(0.02f),
        ];
        CollectionAssert.AreEqual(new[] { 5 }, Selected(maps, 2, June with { FirstLayer = 1 }));
    }

    [TestMethod]
    public void HeadsThatLookAtTheBottomRowAreLeftOut()
    {
        float[] bottom = new float[16];
        bottom[14] = 0.9f;
        float[][] maps = [bottom, OneCell(0.8f), OneCell(0.01f), OneCell(0.02f)];
        CollectionAssert.AreEqual(new[] { 0 }, Selected(maps, 1, June with { HeadsPerSample = 1 }));
        CollectionAssert.AreEqual(new[] { 1 }, Selected(maps, 1, June with { HeadsPerSample = 1, BottomRowLimit = 0.05 }));
        CollectionAssert.AreEqual(
            new[] { 0 },
            Selected(maps, 1, June with { HeadsPerSample = 1, BottomRowLimit = 0.05, ThresholdCells = 576 }),
            "0.05 of 576 cells are 1.8 of 16"
        );
    }

    [TestMethod]
    public void HeadsWithoutAPlaceComeLastOrFirstOrNever()
    {
        // Barely above its mean: no component, but no constant map either.
        float[] vague = Flat(0.95f);
        vague[3] += 0.0005f;
        float[][] maps = [OneCell(0.9f), vague, Flat(0.97f), OneCell(0.01f)];
        LocalizationHeadOptions one = June with { HeadsPerSample = 1 };
        CollectionAssert.AreEqual(new[] { 0 }, Selected(maps, 1, one with { WithoutComponent = ScatteredHeads.Last }));
        CollectionAssert.AreEqual(new[] { 1 }, Selected(maps, 1, one with { WithoutComponent = ScatteredHeads.First }));
        CollectionAssert.AreEqual(
            new[] { 0, 1 },
            Selected(maps, 1, one with { HeadsPerSample = 4, WithoutComponent = ScatteredHeads.Last })
        );
        CollectionAssert.AreEqual(new[] { 0 }, Selected(maps, 1, one with { HeadsPerSample = 4 }));
    }

    [TestMethod]
    public void OfEqualEntropiesTheEarlierHeadCanComeFirst()
    {
        float[][] maps = [OneCell(0.7f), OneCell(0.9f), OneCell(0.8f), OneCell(0.01f), OneCell(0.02f), OneCell(0.03f)];
        CollectionAssert.AreEqual(new[] { 0 }, Selected(maps, 1, June with { HeadsPerSample = 1, TiesToLargerSum = false }));
    }

    [TestMethod]
    public void TheDefaultsAreTheRulesOfAugustWrittenPlainly()
    {
        var random = new Random(21);
        LocalizationHeadOptions options = new();
        (int fallbacks, int bottoms) = (0, 0);
        for (int repetition = 0; repetition < 60; repetition++)
        {
            float[][] maps = [.. Enumerable.Range(0, 24).Select(_ => RandomMaps.Attention(random, 1, 36))];
            double[] sums = [.. maps.Select(map => (double)(float)map.Sum(value => (double)value))];
            double elbow = AttentionElbow.Of(sums);
            bool Looks(int head) => sums[head] >= elbow;
            bool Bottom(int head) => Looks(head) && maps[head][30..].Any(value => value > 0.05 * 576 / 36);
            int[] left = [.. Enumerable.Range(0, 24).Where(head => Looks(head) && head / 8 >= 2 && !Bottom(head))];
            int[] expected =
            [
                .. left.OrderBy(head => ScatteredMass.Entropy(maps[head], 6, 6, options)).ThenBy(head => head).Take(5).Order(),
            ];
            if (expected.Length == 0)
            {
                expected = [Enumerable.Range(0, 24).Where(head => !Bottom(head)).MaxBy(head => sums[head])];
                fallbacks++;
            }
            bottoms += Enumerable.Range(0, 24).Count(Bottom);
            CollectionAssert.AreEqual(expected, Selected(maps, 3, options, 6));
        }
        Assert.IsGreaterThan(0, fallbacks);
    }

    [TestMethod]
    public void OptionsOutOfRangeAreNamed()
    {
        LocalizationHeadOptions defaults = new();
        Assert.AreEqual(5, defaults.HeadsPerSample);
        Assert.AreEqual(2, defaults.MeanFactor);
        Assert.AreEqual(0.001, defaults.ComponentThreshold);
        Assert.AreEqual(0.05, defaults.BottomRowLimit);
        Assert.AreEqual(576, defaults.ThresholdCells);
        Assert.AreEqual(Connectivity.Eight, defaults.Connectivity);
        Assert.AreEqual(2, defaults.FirstLayer);
        Assert.AreEqual(ScatteredHeads.Last, defaults.WithoutComponent);
        defaults.Validate();
        Assert.AreEqual(10, June.HeadsPerSample);
        Assert.AreEqual(0.001, June.ComponentThreshold);
        Assert.AreEqual(0, June.FirstLayer);
        June.Validate();
        (string Option, LocalizationHeadOptions Options)[] wrong =
        [
            ("HeadsPerSample", new() { HeadsPerSample = 0 }),
            ("MeanFactor", new() { MeanFactor = -1 }),
            ("ComponentThreshold", new() { ComponentThreshold = -1 }),
            ("ComponentThreshold", new() { ComponentThreshold = double.NaN }),
            ("BottomRowLimit", new() { BottomRowLimit = double.NaN }),
            ("ThresholdCells", new() { ThresholdCells = 0 }),
            ("Connectivity", new() { Connectivity = (Connectivity)5 }),
            ("WithoutComponent", new() { WithoutComponent = (ScatteredHeads)5 }),
            ("FirstLayer", new() { FirstLayer = -1 }),
        ];
        foreach ((string? option, LocalizationHeadOptions? options) in wrong)
        {
            Assert.AreEqual(option, Assert.ThrowsExactly<ArgumentOutOfRangeException>(options.Validate).ParamName);
        }
    }

    private static int[] Selected(float[][] maps, int layers, LocalizationHeadOptions options, int side = 4)
    {
        bool[] selected = new bool[maps.Length];
        int count = LocalizationHeads.Select([.. maps.SelectMany(map => map)], layers, maps.Length / layers, side, side, options, selected);
        Assert.AreEqual(selected.Count(each => each), count);
        return [.. Enumerable.Range(0, maps.Length).Where(head => selected[head])];
    }

    private static float[] OneCell(float weight)
    {
        float[] map = new float[16];
        map[5] = weight;
        return map;
    }

    private static float[] Corners(int count, float weight, int first)
    {
        float[] map = new float[36];
        foreach (int corner in Enumerable.Range(first, count))
        {
            map[new[] { 0, 5, 30, 35 }[corner % 4]] = weight;
        }
        return map;
    }

    private static float[] Flat(float weight) => [.. Enumerable.Repeat(weight / 16, 16)];
}
