namespace ClassifyBirds;

[TestClass]
public sealed class IntervalTests
{
    [TestMethod]
    public void TheIntervalOfAShareIsWilsons()
    {
        // Values of Newcombe (1998), table I, method 3.
        var interval = Interval.OfShare(81, 263);
        Assert.AreEqual(0.3080, interval.Value, 5e-5);
        Assert.AreEqual(0.2553, interval.Low, 5e-5);
        Assert.AreEqual(0.3662, interval.High, 5e-5);
        interval = Interval.OfShare(0, 20);
        Assert.AreEqual(0, interval.Low);
        Assert.AreEqual(0.1611, interval.High, 5e-5);
    }

    [TestMethod]
    public void TheIntervalOfADifferenceKnowsThatTheTrialsAreTheSame()
    {
        bool[] first = [.. Enumerable.Range(0, 400).Select(trial => trial % 2 == 0 || trial % 10 == 1)];
        bool[] second = [.. Enumerable.Range(0, 400).Select(trial => trial % 2 == 0)];
        var interval = Interval.OfDifference(first, second, seed: 1);
        Assert.AreEqual(0.1, interval.Value, 1e-12);
        // One trial in ten differs: the standard error is sqrt(0.1 * 0.9 / 400) = 0.015; of independent trials it would be 0.035.
        Assert.AreEqual(0.1 - (1.96 * 0.015), interval.Low, 0.004);
        Assert.AreEqual(0.1 + (1.96 * 0.015), interval.High, 0.004);
        Assert.AreEqual(new Interval(0, 0, 0), Interval.OfDifference(first, first, seed: 1));
    }
}
