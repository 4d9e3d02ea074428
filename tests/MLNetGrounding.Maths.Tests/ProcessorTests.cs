using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNetGrounding.Maths.Aggregation;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Maths;

/// <summary>
/// What vectors compute has the same bits whatever vectors the processor has: the suite is run with some of them turned off, and these must
/// not change. Inputs are made without functions of the system's library, whose last bits differ.
/// </summary>
[TestClass]
public sealed class ProcessorTests
{
    private const int Heads = 5;
    private const int Side = 13;
    private const int Cells = Side * Side;

    [TestMethod]
    [DataRow(false, "CF747C7E07B8DE59")]
    [DataRow(true, "5B93E4235A855308")]
    public void ExponentialsAndJoinedHeads(bool mean, string expected)
    {
        float[] scores = [.. Values(1, Heads * Cells).Select(value => 30 * value - 15)];
        double sum = Softmax.Exponentiate(scores.AsSpan(0, Cells), 15);
        float[] joined = new float[Cells];
        FlowRow.Join(scores, Heads, Cells, mean, joined);
        AssertBits(expected, [.. scores, .. joined, (float)sum, (float)(sum - (float)sum)]);
    }

    [TestMethod]
    [DataRow(EntropyDirection.KeepLow, "C9F5D72F6989562C")]
    [DataRow(EntropyDirection.KeepHigh, "8C614724D1EED1E5")]
    public void ChosenHeads(EntropyDirection direction, string expected)
    {
        float[] maps = Maps(2, 4 * Heads);
        bool[] kept = new bool[4 * Heads];
        float[] layerMap = new float[Cells];
        double[] entropy = new double[4 * Heads];
        HeadSelection.Select(
            maps,
            4 * Heads,
            Side,
            Side,
            new() { EntropyDirection = direction, CompactnessThreshold = 0.1 },
            layerMap,
            kept,
            entropy,
            []
        );
        Assert.IsTrue(kept.Contains(true) && kept.Contains(false));
        bool[] localized = new bool[4 * Heads];
        LocalizationHeads.Select(maps, 4, Heads, Side, Side, LocalizationHeadOptions.June2025 with { HeadsPerSample = 4 }, localized);
        AssertBits(expected, [.. layerMap, .. Numbers(kept), .. Numbers(localized), .. entropy.Select(value => (float)value)]);
    }

    [TestMethod]
    [DataRow(WeightNormalization.MinMax, "CFAE51C7A4721748")]
    [DataRow(WeightNormalization.Sum, "E0406314C599AC60")]
    [DataRow(WeightNormalization.AcrossLayers, "54F982DD10FFF4F7")]
    public void MaskAndGroundingMap(WeightNormalization normalization, string expected)
    {
        const int Tokens = Cells + 4;
        float[] mask = new float[Cells];
        CoarseRollout.TokenMask(
            Values(3, 3 * Tokens * Tokens),
            Values(4, 3 * Tokens),
            3,
            Tokens,
            [Cells + 2, Cells + 3],
            new() { RowNormalized = true },
            mask
        );
        float[] map = new float[Cells];
        HierarchicalAggregation.Aggregate(Maps(5, 3), mask, 3, new() { Normalization = normalization }, map);
        AssertBits(expected, [.. mask, .. map]);
    }

    [TestMethod]
    public void ScoresOfResampledImages()
    {
        const int Images = 101;
        float[] scores = Values(6, Images);
        ResampledScores resampled = new ImageBootstrap(Images, 50, seed: 1).Resample(
            [.. Enumerable.Range(0, Images)],
            scores,
            [new ScoreColumn("mean", ScoreAggregate.Mean)]
        );
        Estimate estimate = resampled.Estimate(0, 0.95);
        double[] ends = [estimate.Value, estimate.Low, estimate.High];
        AssertBits("4CFCCD0A420CF19F", [.. ends.SelectMany(end => new[] { (float)end, (float)(end - (float)end) })]);
    }

    private static float[] Values(ulong seed, int count)
    {
        SplitMix64 random = new(seed);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)random.NextDouble();
        }
        return values;
    }

    /// <summary>From flat to peaked.</summary>
    private static float[] Maps(ulong seed, int count)
    {
        float[] maps = Values(seed, count * Cells);
        for (int index = 0; index < maps.Length; index++)
        {
            float value = maps[index];
            for (int power = 0; power < index / Cells % 7; power++)
            {
                maps[index] *= value * value;
            }
        }
        return maps;
    }

    private static IEnumerable<float> Numbers(bool[] flags) => flags.Select(flag => flag ? 1f : 0f);

    private static void AssertBits(string expected, float[] values) =>
        Assert.AreEqual(expected, Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)))[..16]);
}
