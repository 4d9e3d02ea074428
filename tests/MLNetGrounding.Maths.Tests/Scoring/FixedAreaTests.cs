using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class FixedAreaTests
{
    [TestMethod]
    public void AHitInOnePassIsThatOfTheCellsInOrder()
    {
        var random = new Random(3);
        (int hits, int misses) = (0, 0);
        for (int repetition = 0; repetition < 2000; repetition++)
        {
            var scene = new ScoringScene(random);
            var order = new CellOrder(scene.Map.Length);
            foreach (double share in (double[])[0.01, 0.05, 0.25, 0.5, 1])
            {
                ReadOnlySpan<VisibleKeyPoint> points = scene.Annotated.Points(0);
                ReadOnlySpan<float> fractions = scene.Annotated.FrameFractions;
                bool expected = FixedArea.Score(order.Of(scene.Map), fractions, points, share).Hit;

                Assert.AreEqual(expected, FixedArea.IsHit(scene.Map, fractions, points, share), $"repetition {repetition}, share {share}");
                (hits, misses) = (hits + (expected ? 1 : 0), misses + (expected ? 0 : 1));
            }
        }
        Assert.IsTrue(hits > 1000 && misses > 1000, $"{hits} hits, {misses} misses");
    }

    [TestMethod]
    public void AConstantMapIsAMiss()
    {
        float[] map = [1, 1, 1, 1];

        Assert.IsFalse(FixedArea.IsHit(map, [1, 1, 1, 1], [new VisibleKeyPoint(0, 0, 2)], 1));
        map[3] = 2;
        Assert.IsTrue(FixedArea.IsHit(map, [1, 1, 1, 1], [new VisibleKeyPoint(0, 0, 2)], 1));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 2)]
    [DataRow(3, 3)]
    public void ChanceIsThatOfDrawingCellsWithoutPuttingThemBack(int points, int distinct)
    {
        // 40 whole cells in the frame, 24 beside it: 5 % of the frame are two cells.
        float[] fractions = [.. Enumerable.Range(0, 64).Select(cell => cell < 40 ? 1f : 0f)];
        VisibleKeyPoint[] visible = [.. Enumerable.Range(0, points).Select(point => new VisibleKeyPoint(0, 0, 7 * point))];
        var random = new SplitMix64(1);

        double chance = FixedArea.Chance(fractions, visible, 0.05, ref random);

        Assert.AreEqual(1 - (40.0 - distinct) / 40 * (39.0 - distinct) / 39, chance, 1e-12);
    }

    [TestMethod]
    public void ChanceIsHowOftenRandomMapsHit()
    {
        var random = new Random(5);
        for (int repetition = 0; repetition < 10; repetition++)
        {
            var scene = new ScoringScene(random);
            var order = new CellOrder(scene.Map.Length);
            (int hits, int maps) = (0, 4000);
            for (int draw = 0; draw < maps; draw++)
            {
                float[] map = [.. scene.Map.Select(_ => random.NextSingle())];
                hits += FixedArea.Score(order.Of(map), scene.Annotated.FrameFractions, scene.Annotated.Points(0), 0.1).Hit ? 1 : 0;
            }
            var generator = new SplitMix64((ulong)repetition);

            double chance = FixedArea.Chance(scene.Annotated.FrameFractions, scene.Annotated.Points(0), 0.1, ref generator);

            double spread = Math.Sqrt(Math.Max(chance * (1 - chance), 1e-3) / maps);
            Assert.AreEqual((double)hits / maps, chance, 5 * spread, $"repetition {repetition}");
        }
    }

    [TestMethod]
    public void AKeyPointOutOfViewIsNeverHitByChance()
    {
        var random = new SplitMix64(1);

        Assert.AreEqual(0, FixedArea.Chance([1, 1], [new VisibleKeyPoint(0, 0, VisibleKeyPoint.OutOfView)], 1, ref random));
    }
}
