namespace MLNetGrounding.Samples.Seeds;

[TestClass]
public sealed class SampleSeedsTests
{
    [TestMethod]
    public void RangesAreDisjoint()
    {
        SampleSeedRange[] ordered = [.. SampleSeeds.All.OrderBy(range => range.Start)];
        foreach ((SampleSeedRange before, SampleSeedRange after) in ordered.Zip(ordered.Skip(1)))
        {
            Assert.IsLessThan(after.Start, before[before.Count - 1], $"{before.Name} and {after.Name}");
        }
    }

    [TestMethod]
    public void TableAndAccuracyHaveTheSizesOfTheReport()
    {
        Assert.AreEqual(500, SampleSeeds.Table.Count);
        Assert.AreEqual(1_000, SampleSeeds.Accuracy.Count);
    }

    [TestMethod]
    public void TheDemonstrationDrawsTwentyFourBirdsUnlessMoreAreAskedFor()
    {
        Assert.AreEqual(24, SampleSeeds.Demo.DefaultCount);
        Assert.AreEqual(SampleSeeds.Table.Count, SampleSeeds.Table.DefaultCount);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(100_000)]
    public void SeedOutsideARangeIsRefused(int index) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = SampleSeeds.Demo[index]);

    [TestMethod]
    public void RangePastTheLargestSeedIsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = new SampleSeedRange("late", ulong.MaxValue - 1, 2));
}
