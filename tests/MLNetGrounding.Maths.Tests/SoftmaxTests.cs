using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths;

[TestClass]
public sealed class SoftmaxTests
{
    [TestMethod]
    public void ExponentialsAndTheirSumAreThoseOfDoublePrecision()
    {
        Random random = new(1);
        for (int length = 1; length <= 70; length++)
        {
            // From scores that are all alike to one that swallows the others.
            foreach (double spread in new[] { 0.0, 0.1, 3, 30, 200 })
            {
                float[] scores = [.. Enumerable.Range(0, length).Select(_ => (float)(spread * (random.NextDouble() - 0.5)))];
                float maximum = Softmax.Maximum(scores);
                Assert.AreEqual(scores.Max(), maximum);
                double[] expected = [.. scores.Select(score => Math.Exp((double)score - maximum))];
                double sum = Softmax.Exponentiate(scores, maximum);
                for (int index = 0; index < length; index++)
                {
                    // The difference of two scores is rounded once more before it is raised.
                    double allowed = (2e-7 + (spread * 6e-8)) * expected[index];
                    Assert.AreEqual(
                        expected[index],
                        scores[index],
                        Math.Max(allowed, 2e-38),
                        $"{length} scores, spread {spread}, element {index}"
                    );
                }

                Assert.AreEqual(expected.Sum(), sum, 1e-6 * sum, $"{length} scores, spread {spread}");
            }
        }
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void AScoreThatIsNotFiniteMakesTheSumNaN(float score)
    {
        for (int length = 1; length <= 20; length++)
        {
            for (int place = 0; place < length; place++)
            {
                float[] scores = [.. Enumerable.Range(0, length).Select(index => index == place ? score : 0.5f)];
                Assert.IsTrue(double.IsNaN(Softmax.Exponentiate(scores, Softmax.Maximum(scores))), $"element {place} of {length}");
            }
        }
    }

    [TestMethod]
    public void WhatIsFarBelowTheMaximumIsZero()
    {
        float[] scores = [0, -86, -88, -1e30f, float.NegativeInfinity, 0, 0, 0, -100];
        Softmax.Exponentiate(scores, 0);
        Assert.IsGreaterThan(0, scores[1]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, scores[2..5]);
        Assert.AreEqual(0, scores[8]);
    }
}
