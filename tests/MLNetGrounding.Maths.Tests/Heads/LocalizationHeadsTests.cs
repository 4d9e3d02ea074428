namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class LocalizationHeadsTests
{
    private static readonly LocalizationHeadOptions Defaults = new();

    [TestMethod]
    public void HeadsAreChosenByTheirAttentionNotByTheirNumber()
    {
        // Head 0 looks at the picture most; the head at the elbow comes later. An index compared with an index would leave head 0 out.
        float[][] maps =
        [
            OneCell(0.9f), OneCell(0.02f), OneCell(0.01f), OneCell(0.03f),
            OneCell(0.04f), OneCell(0.05f), OneCell(0.06f), OneCell(0.07f),
        ];
        CollectionAssert.AreEqual(new[] { 0 }, Selected(maps, 2, Defaults with { HeadsPerSample = 1 }));
        CollectionAssert.AreEqual(new[] { 0, 7 }, Selected(maps, 2, Defaults), "0.07 is the elbow and included.");
    }

    [TestMethod]
    public void OfTheHeadsThatLookThoseAtOnePlaceAreChosen()
    {
        float[] scattered = new float[16];
        scattered[0] = scattered[15] = 0.48f;
        float[][] maps = [OneCell(0.01f), scattered, OneCell(0.9f), OneCell(0.02f), OneCell(0.03f), Flat(0.95f)];
        CollectionAssert.AreEqual(new[] { 2 }, Selected(maps, 1, Defaults with { HeadsPerSample = 1 }));
        CollectionAssert.AreEqual(new[] { 2, 4 }, Selected(maps, 1, Defaults with { HeadsPerSample = 2 }), "0.03 is the elbow and included.");
        CollectionAssert.AreEqual(new[] { 1, 2, 4 }, Selected(maps, 1, Defaults with { HeadsPerSample = 3 }), "Two places come after one.");
        Assert.DoesNotContain(5, Selected(maps, 1, Defaults), "A flat head is never chosen, however much it looks.");
    }

    [TestMethod]
    public void OfEqualEntropiesTheLargerAttentionComesFirst()
    {
        float[][] maps = [OneCell(0.7f), OneCell(0.9f), OneCell(0.8f), OneCell(0.01f), OneCell(0.02f), OneCell(0.03f), OneCell(0.04f), OneCell(0.7f)];
        CollectionAssert.AreEqual(new[] { 1, 2 }, Selected(maps, 1, Defaults with { HeadsPerSample = 2 }));
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Selected(maps, 1, Defaults with { HeadsPerSample = 3 }));
    }

    [TestMethod]
    public void OfHeadsThatLookAtEquallyManyPlacesTheLargerAttentionComesFirstWhateverTheMasses()
    {
        var random = new Random(12);
        for (var repetition = 0; repetition < 500; repetition++)
        {
            // Equal entropies: 0, ln 2, ln 3 or ln 4; and now and then equal sums, in other corners.
            (int Places, float Weight)[] heads =
                [.. Enumerable.Range(0, 24).Select(_ => (random.Next(1, 5), random.Next(4) == 0 ? 0.5f : 0.2f + random.NextSingle()))];
            float[][] maps = [.. heads.Select(head => Corners(head.Places, head.Weight / head.Places, random.Next(4)))];
            float[] sums = [.. maps.Select(map => (float)map.Sum(value => (double)value))];
            var elbow = AttentionElbow.Of([.. sums.Select(sum => (double)sum)]);
            int[] ranked =
            [
                .. Enumerable.Range(0, heads.Length).Where(head => sums[head] >= elbow)
                    .OrderBy(head => heads[head].Places).ThenByDescending(head => sums[head]).ThenBy(head => head),
            ];
            for (var count = 1; count <= ranked.Length; count++)
            {
                CollectionAssert.AreEqual(
                    ranked[..count].Order().ToArray(),
                    Selected(maps, 3, Defaults with { HeadsPerSample = count }, 6),
                    $"{count} of {string.Join(", ", heads)}");
            }
        }
    }

    [TestMethod]
    public void EarlyLayersCanBeLeftOut()
    {
        float[][] maps = [OneCell(0.9f), OneCell(0.8f), OneCell(0.1f), OneCell(0.6f)];
        CollectionAssert.AreEqual(new[] { 3 }, Selected(maps, 2, Defaults with { FirstLayer = 1, HeadsPerSample = 1 }));
        Assert.IsEmpty(Selected(maps, 2, Defaults with { FirstLayer = 2 }));
    }

    [TestMethod]
    public void TheyAreWhatTheDefinitionSaysWrittenPlainly()
    {
        var random = new Random(8);
        for (var repetition = 0; repetition < 30; repetition++)
        {
            float[][] maps = [.. Enumerable.Range(0, 24).Select(_ => RandomMaps.Attention(random, 1, 36))];
            var elbow = AttentionElbow.Of([.. maps.Select(map => map.Sum(value => (double)value))]);
            var expected = Enumerable.Range(0, maps.Length)
                .Where(head => maps[head].Sum(value => (double)value) >= elbow)
                .OrderBy(head => ScatteredMass.Entropy(maps[head], 6, 6, 0.001, Connectivity.Eight))
                .Take(4)
                .Order()
                .ToArray();
            CollectionAssert.AreEqual(expected, Selected(maps, 3, Defaults with { HeadsPerSample = 4 }, 6));
        }
    }

    [TestMethod]
    public void OptionsOutOfRangeAreNamed()
    {
        Assert.AreEqual(10, Defaults.HeadsPerSample);
        Assert.AreEqual(0.001, Defaults.ComponentThreshold);
        Assert.AreEqual(Connectivity.Eight, Defaults.Connectivity);
        Assert.AreEqual(0, Defaults.FirstLayer);
        Defaults.Validate();
        (string Option, LocalizationHeadOptions Options)[] wrong =
        [
            ("HeadsPerSample", new() { HeadsPerSample = 0 }),
            ("ComponentThreshold", new() { ComponentThreshold = -1 }),
            ("ComponentThreshold", new() { ComponentThreshold = double.NaN }),
            ("Connectivity", new() { Connectivity = (Connectivity)5 }),
            ("FirstLayer", new() { FirstLayer = -1 }),
        ];
        foreach (var (option, options) in wrong)
        {
            Assert.AreEqual(option, Assert.ThrowsExactly<ArgumentOutOfRangeException>(options.Validate).ParamName);
        }
    }

    private static int[] Selected(float[][] maps, int layers, LocalizationHeadOptions options, int side = 4)
    {
        var selected = new bool[maps.Length];
        var count = LocalizationHeads.Select([.. maps.SelectMany(map => map)], layers, maps.Length / layers, side, side, options, selected);
        Assert.AreEqual(selected.Count(each => each), count);
        return [.. Enumerable.Range(0, maps.Length).Where(head => selected[head])];
    }

    private static float[] OneCell(float weight)
    {
        var map = new float[16];
        map[5] = weight;
        return map;
    }

    private static float[] Corners(int count, float weight, int first)
    {
        var map = new float[36];
        foreach (var corner in Enumerable.Range(first, count))
        {
            map[new[] { 0, 5, 30, 35 }[corner % 4]] = weight;
        }
        return map;
    }

    private static float[] Flat(float weight) => [.. Enumerable.Repeat(weight / 16, 16)];
}
