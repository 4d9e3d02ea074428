using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class ImageBootstrapTests
{
    private static readonly ScoreColumn[] Columns =
    [
        new("mean", ScoreAggregate.Mean),
        new("median", ScoreAggregate.Median),
        new("gaps", ScoreAggregate.Mean),
    ];

    [TestMethod]
    public void ReplicatesAreTheScoresOfTheImagesDrawn()
    {
        const int Images = 23;
        const int Replicates = 40;
        var random = new Random(1);
        // Some images are not scored, some have a gap in the last column.
        int[] images = [.. Enumerable.Range(0, Images).Where(_ => random.Next(4) > 0)];
        float[] scores =
        [
            .. images.SelectMany(_ => new[] { random.NextSingle(), random.Next(5), random.Next(3) == 0 ? float.NaN : random.NextSingle() }),
        ];
        ResampledScores resampled = new ImageBootstrap(Images, Replicates, seed: 9).Resample(images, scores, Columns);

        AssertScores(images, scores, [.. Enumerable.Range(0, Images)], resampled.Values);
        SplitMix64 draws = new(9);
        for (int replicate = 0; replicate < Replicates; replicate++)
        {
            int[] drawn = [.. Enumerable.Range(0, Images).Select(_ => draws.Next(Images))];
            AssertScores(images, scores, drawn, resampled.Replicate(replicate));
        }
    }

    [TestMethod]
    public void IntervalsAreNumPysPercentiles()
    {
        // numpy.percentile(range(1, 11), [2.5, 97.5]) and of (3, 1, 4, 1, 5).
        List<double> ten = [.. Enumerable.Range(1, 10).Select(value => (double)value)];
        Assert.AreEqual(1.225, ResampledScores.Quantile(ten, 0.025), 1e-12);
        Assert.AreEqual(9.775, ResampledScores.Quantile(ten, 0.975), 1e-12);
        Assert.AreEqual(4.9, ResampledScores.Quantile([1, 1, 3, 4, 5], 0.975), 1e-12);
        Assert.AreEqual(2, ResampledScores.Quantile([2], 0.025));
    }

    [TestMethod]
    [DataRow(0.95, 0.025, 0.975)]
    [DataRow(0.9, 0.05, 0.95)]
    [DataRow(0.5, 0.25, 0.75)]
    public void AnIntervalHoldsItsShareOfTheReplicates(double confidence, double low, double high)
    {
        var resampled = new ResampledScores(1, 2001);
        resampled.Values[0] = 7;
        for (int replicate = 0; replicate < 2001; replicate++)
        {
            // 0 to 1 in steps, in another order; every third one is not scored.
            resampled.Replicate(replicate)[0] = replicate % 3 == 1 ? double.NaN : replicate * 1217 % 2001 / 2000.0;
        }
        Estimate estimate = resampled.Estimate(0, confidence);
        Assert.AreEqual(7, estimate.Value);
        Assert.AreEqual(low, estimate.Low, 2e-3);
        Assert.AreEqual(high, estimate.High, 2e-3);
    }

    [TestMethod]
    public void IntervalsHoldTheTruthAsOftenAsTheySay()
    {
        var random = new Random(5);
        int held = 0;
        const int Samples = 400;
        for (int sample = 0; sample < Samples; sample++)
        {
            const int Images = 60;
            int[] images = [.. Enumerable.Range(0, Images)];
            float[] scores = [.. images.Select(_ => random.NextSingle() < 0.3f ? 1f : 0f)];
            Estimate estimate = new ImageBootstrap(Images, 300, (ulong)sample).Resample(images, scores, [Columns[0]]).Estimate(0, 0.95);
            held += estimate.Low <= 0.3 && estimate.High >= 0.3 ? 1 : 0;
        }
        // Percentile intervals of 60 coins hold a little less often than they say.
        Assert.IsInRange(0.90 * Samples, 0.98 * Samples, held);
    }

    [TestMethod]
    public void TheSameSeedDrawsTheSameImagesAndAnotherDoesNot()
    {
        int[] images = [.. Enumerable.Range(0, 50)];
        float[] scores = [.. images.Select(image => (float)image)];
        Estimate Estimate(ulong seed) => new ImageBootstrap(50, 100, seed).Resample(images, scores, [Columns[0]]).Estimate(0, 0.95);
        Assert.AreEqual(Estimate(1), Estimate(1));
        Assert.AreNotEqual(Estimate(1), Estimate(2));
        Assert.AreEqual(24.5, Estimate(1).Value);
    }

    [TestMethod]
    public void NothingScoredHasNoEstimate()
    {
        ResampledScores resampled = new ImageBootstrap(3, 10, 1).Resample([], [], Columns);
        Assert.AreEqual(Estimate.None, resampled.Estimate(0, 0.95));
        Assert.AreEqual(Estimate.None, ResampledScores.Mean([resampled], 3, 10).Estimate(1, 0.95));
        Assert.AreEqual(Estimate.None, new ImageBootstrap(0, 10, 1).Resample([], [], Columns).Estimate(2, 0.95));
    }

    [TestMethod]
    public void MeansOfAttributesCountEachTheSameAndLeaveOutThoseWithoutScore()
    {
        var bootstrap = new ImageBootstrap(4, 20, 3);
        ScoreColumn[] columns = [Columns[0]];
        ResampledScores[] all =
        [
            bootstrap.Resample([0, 1, 2], [1, 2, 3], columns),
            bootstrap.Resample([3], [10], columns),
            bootstrap.Resample([], [], columns),
        ];
        var mean = ResampledScores.Mean(all, 1, 20);
        Assert.AreEqual(6, mean.Values[0]);
        for (int replicate = 0; replicate < 20; replicate++)
        {
            double[] parts = [.. all.Select(each => each.Replicate(replicate)[0]).Where(value => !double.IsNaN(value))];
            Assert.AreEqual(parts.Length == 0 ? double.NaN : parts.Average(), mean.Replicate(replicate)[0], 1e-12);
        }
    }

    [TestMethod]
    public void DifferencesAreTakenReplicateByReplicate()
    {
        var random = new Random(2);
        int[] images = [.. Enumerable.Range(0, 40)];
        float[] first = [.. images.Select(_ => 10 * random.NextSingle())];
        float[] second = [.. first.Select(value => value + 1)];
        var bootstrap = new ImageBootstrap(40, 200, 4);
        ResampledScores one = bootstrap.Resample(images, first, [Columns[0]]);
        Estimate difference = bootstrap.Resample(images, second, [Columns[0]]).Minus(one).Estimate(0, 0.95);
        Assert.AreEqual(1, difference.Value, 1e-5);
        Assert.AreEqual(1, difference.Low, 1e-5, "what is common to both cancels");
        Assert.AreEqual(1, difference.High, 1e-5);
        Assert.IsGreaterThan(1, one.Estimate(0, 0.95).High - one.Estimate(0, 0.95).Low);
    }

    /// <summary>Writes the drawn images' scores out one by one, as often as they were drawn.</summary>
    private static void AssertScores(int[] images, float[] scores, int[] drawn, ReadOnlySpan<double> actual)
    {
        int[] rows = [.. drawn.Select(image => Array.IndexOf(images, image)).Where(row => row >= 0)];
        double[] ordered = [.. rows.Select(row => (double)scores[3 * row + 1]).Order()];
        Assert.AreEqual(rows.Average(row => (double)scores[3 * row]), actual[0], 1e-12);
        Assert.AreEqual((ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2, actual[1], 1e-12);
        Assert.AreEqual(rows.Select(row => (double)scores[3 * row + 2]).Where(value => !double.IsNaN(value)).Average(), actual[2], 1e-12);
    }
}
