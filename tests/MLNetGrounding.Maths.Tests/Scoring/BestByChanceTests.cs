namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class BestByChanceTests
{
    [TestMethod]
    [DataRow(1, 20, 0.3)]
    [DataRow(16, 24, 0.06)]
    [DataRow(300, 40, 0.05)]
    public void AboutOneTrialInTwentyHasABetterHead(int heads, int images, double chance)
    {
        double limit = BestByChance.HitRate(heads, images, chance, 0.95);
        var random = new Random(1);
        (int above, int atLeast, int trials) = (0, 0, 2000);
        for (int trial = 0; trial < trials; trial++)
        {
            int best = Enumerable.Range(0, heads).Max(_ => Enumerable.Range(0, images).Count(_ => random.NextDouble() < chance));
            above += best > limit * images + 1e-9 ? 1 : 0;
            atLeast += best > limit * images - 1e-9 ? 1 : 0;
        }

        // Counts are whole: the limit is the first that so few exceed.
        Assert.IsLessThan(0.065, (double)above / trials);
        Assert.IsGreaterThan(0.035, (double)atLeast / trials);
    }

    [TestMethod]
    public void OfOneImageTheBestOfManyHits() => Assert.AreEqual(1, BestByChance.HitRate(100, 1, 0.05, 0.95));

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void WhatIsCertainIsNoMatterOfLuck(double chance) => Assert.AreEqual(chance, BestByChance.HitRate(10, 5, chance, 0.95));
}
