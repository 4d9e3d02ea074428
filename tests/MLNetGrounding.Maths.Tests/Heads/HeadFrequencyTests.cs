namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class HeadFrequencyTests
{
    [TestMethod]
    public void TheMostFrequentComeFirstAndOfEqualOnesTheEarlier()
    {
        var frequency = new HeadFrequency(2, 2);
        frequency.Add([false, true, true, false]);
        frequency.Add([false, true, true, true]);
        frequency.Add([false, false, true, false]);
        frequency.Add([false, false, false, false]);
        Assert.AreEqual(4, frequency.Samples);
        AttentionHead[] expected = [new(1, 0, 0.75), new(0, 1, 0.5), new(1, 1, 0.25)];
        CollectionAssert.AreEqual(expected, frequency.MostFrequent(4).ToArray(), "The head that was never selected is left out.");
        CollectionAssert.AreEqual(expected[..1], frequency.MostFrequent(1).ToArray());

        frequency.Add([false, true, false, false]);
        CollectionAssert.AreEqual(
            new AttentionHead[] { new(0, 1, 0.6), new(1, 0, 0.6) },
            frequency.MostFrequent(2).ToArray(),
            "Now the two are equally frequent."
        );
    }

    [TestMethod]
    public void TheOrderOfTheSamplesDoesNotMatter()
    {
        var random = new Random(4);
        bool[][] samples =
        [
            .. Enumerable.Range(0, 50).Select(_ => Enumerable.Range(0, 12).Select(_ => random.NextDouble() < 0.3).ToArray()),
        ];
        (HeadFrequency? forwards, HeadFrequency? backwards) = (new HeadFrequency(3, 4), new HeadFrequency(3, 4));
        foreach (bool[] sample in samples)
        {
            forwards.Add(sample);
        }
        foreach (bool[]? sample in samples.Reverse())
        {
            backwards.Add(sample);
        }
        CollectionAssert.AreEqual(forwards.MostFrequent(5).ToArray(), backwards.MostFrequent(5).ToArray());
        int[] counts = Enumerable.Range(0, 12).Select(head => samples.Count(sample => sample[head])).ToArray();
        Assert.AreEqual(counts.Max() / 50.0, forwards.MostFrequent(1)[0].Frequency);
    }

    [TestMethod]
    public void WhatDoesNotFitIsRefused()
    {
        var frequency = new HeadFrequency(2, 2);
        Assert.ThrowsExactly<ArgumentException>(() => frequency.Add([true]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => frequency.MostFrequent(0));
        Assert.IsEmpty(frequency.MostFrequent(1));
    }
}
