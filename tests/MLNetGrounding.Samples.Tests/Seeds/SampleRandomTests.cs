namespace MLNetGrounding.Samples.Seeds;

[TestClass]
public sealed class SampleRandomTests
{
    [TestMethod]
    public void NumbersOfASeedNeverChange()
    {
        var random = new SampleRandom(42, 7);
        ulong[] numbers = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];

        // Computed apart, from the published definitions of SplitMix64 and xoshiro256**.
        CollectionAssert.AreEqual(new ulong[] { 7094150420702097787, 16892645422181031343, 15294728026699808052 }, numbers);
    }

    [TestMethod]
    public void StreamsOfASeedDiffer()
    {
        ulong[] first = [.. Enumerable.Range(0, 1000).Select(stream => new SampleRandom(1, (ulong)stream).NextUInt64())];
        Assert.HasCount(1000, first.Distinct());
    }

    [TestMethod]
    public void IntegersFillTheirRangeEvenly()
    {
        var random = new SampleRandom(3);
        int[] counts = new int[8];
        for (int draw = 0; draw < 80_000; draw++)
        {
            counts[random.NextInt(8)]++;
        }

        // Five standard deviations of a binomial with 80,000 draws and probability 1/8 are 468.
        Assert.IsTrue(counts.All(count => Math.Abs(count - 10_000) < 468), string.Join(", ", counts));
    }

    [TestMethod]
    public void NumbersStayBelowOne()
    {
        var random = new SampleRandom(4);
        float[] numbers = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextSingle())];
        Assert.IsTrue(numbers.All(number => number is >= 0 and < 1));
        Assert.AreEqual(0.5, numbers.Average(), 0.02);
    }
}
