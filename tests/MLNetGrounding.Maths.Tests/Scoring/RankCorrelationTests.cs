namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class RankCorrelationTests
{
    [TestMethod]
    public void OnlyTheOrderCounts()
    {
        Assert.AreEqual(1, RankCorrelation.Spearman([1, 2, 3, 100], [-5, 0, 0.1, 0.2]), 1e-12);
        Assert.AreEqual(-1, RankCorrelation.Spearman([1, 2, 3, 100], [4, 3, 2, 1]), 1e-12);
    }

    [TestMethod]
    public void WithoutTiesItIsSpearmansFormula()
    {
        // IQ and hours of television of ten people, a textbook's example: the squared differences of ranks sum up to 194.
        double[] iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
        double[] hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
        Assert.AreEqual(1 - (6 * 194 / 990.0), RankCorrelation.Spearman(iq, hours), 1e-12);
    }

    [TestMethod]
    public void EqualNumbersHaveTheMeanOfTheirRanks() =>
        // Pearson's of the ranks 0.5, 0.5, 2, 3 and 0, 1, 2.5, 2.5.
        Assert.AreEqual(4.0 / 4.5, RankCorrelation.Spearman([1, 1, 2, 3], [1, 2, 3, 3]), 1e-12);

    [TestMethod]
    public void WhatIsTheSameThroughoutHasNoOrder()
    {
        Assert.IsTrue(double.IsNaN(RankCorrelation.Spearman([1, 1], [1, 2])));
        Assert.IsTrue(double.IsNaN(RankCorrelation.Spearman([], [])));
        Assert.ThrowsExactly<ArgumentException>(() => RankCorrelation.Spearman([1], [1, 2]));
    }
}
