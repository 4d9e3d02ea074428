namespace MLNetGrounding.Maths.Maps;

[TestClass]
public sealed class AttentionSharpeningTests
{
    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        AttentionSharpening options = new();
        Assert.AreEqual(0.5, options.Temperature);
        Assert.AreEqual(1, options.Damping);
        Assert.AreEqual(0.05, options.ActiveThreshold);
        Assert.AreEqual(Connectivity.Four, options.Connectivity);
    }

    [TestMethod]
    public void TheTemperatureSoftmaxIsThatOfTheLogarithms()
    {
        float[] map = RandomMaps.Attention(new Random(1), 1, 30);
        foreach (double temperature in new[] { 0.25, 0.5, 1, 3 })
        {
            double[] exponentials = [.. map.Select(value => Math.Exp(Math.Log(value) / temperature))];
            float[] sharpened = [.. map];
            new AttentionSharpening { Temperature = temperature, Damping = 0 }.Apply(sharpened, 5, 6);
            for (int cell = 0; cell < map.Length; cell++)
            {
                Assert.AreEqual(exponentials[cell] / exponentials.Sum(), sharpened[cell], 1e-6);
            }
        }
    }

    [TestMethod]
    public void ASpuriousPeakIsDampedByItsVarianceAndTheConnectedRegionGains()
    {
        // A region of 2 x 2 cells of equal mass and, apart from it, one higher peak.
        float[] map = new float[36];
        foreach (int cell in new[] { 7, 8, 13, 14 })
        {
            map[cell] = 1;
        }

        map[34] = 2;
        new AttentionSharpening { Temperature = 1, Damping = 1 }.Apply(map, 6, 6);

        // Every cell of the region lies half a cell across and half a cell down from its center: 1/2 + 1/6, against 1/6 of the peak.
        double damped = 2 * ((1.0 / 6) / (0.5 + 1.0 / 6));
        double sum = 4 + damped;
        Assert.AreEqual(1 / sum, map[7], 1e-6);
        Assert.AreEqual(damped / sum, map[34], 1e-6);
        Assert.IsGreaterThan(map[34], map[7]);
        Assert.AreEqual(0, map[0]);
    }

    [TestMethod]
    public void CornersJoinModesWhereEightNeighborsDo()
    {
        float[] Sharpened(Connectivity connectivity)
        {
            float[] map = new float[25];
            (map[0], map[6], map[24]) = (1, 1, 1);
            new AttentionSharpening { Temperature = 1, Connectivity = connectivity }.Apply(map, 5, 5);
            return map;
        }

        float[] four = Sharpened(Connectivity.Four);
        Assert.AreEqual(four[0], four[24], 1e-7f, "three single cells");
        float[] eight = Sharpened(Connectivity.Eight);
        Assert.IsGreaterThan(eight[24], eight[0], "a mode of two cells and one of one");
    }

    [TestMethod]
    public void FlatMapsKeepTheirShape()
    {
        float[] flat = [.. Enumerable.Repeat(3f, 16)];
        new AttentionSharpening().Apply(flat, 4, 4);
        Assert.IsTrue(flat.All(value => value == 1f / 16));
        float[] zero = new float[16];
        new AttentionSharpening().Apply(zero, 4, 4);
        Assert.IsTrue(zero.All(value => value == 0));
    }

    [TestMethod]
    public void WhatIsNoAttentionIsRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new AttentionSharpening().Apply([1, float.NaN, 0, 0], 2, 2));
        Assert.ThrowsExactly<ArgumentException>(() => new AttentionSharpening().Apply([1, -1, 0, 0], 2, 2));
    }

    [TestMethod]
    public void SettingsOutOfTheirRangesAreRefused()
    {
        foreach (
            AttentionSharpening wrong in new AttentionSharpening[]
            {
                new() { Temperature = 0 },
                new() { Temperature = double.NaN },
                new() { Damping = -1 },
                new() { ActiveThreshold = 2 },
                new() { Connectivity = (Connectivity)5 },
            }
        )
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(wrong.Validate);
        }
    }
}
