using Microsoft.ML;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Comparison;

/// <summary>
/// Maps that are the same everywhere, which a difference of two maps often is, go through scores and tables and are counted.
/// </summary>
[TestClass]
public sealed class ConstantMapTests
{
    private const int Cells = MapRows.Grid * MapRows.Grid;

    private static readonly MLContext ML = new(seed: 1);

    [TestMethod]
    public void MapsOfZerosAreMissesAndCounted()
    {
        MapRows rows = new(8);
        int scored = 0;
        foreach (MapRow row in rows.Rows)
        {
            // All of the first query's maps, and none of the others'.
            row.Second.AsSpan(0, Cells).Clear();
        }

        MethodEvaluation evaluation = ML.Grounding.EvaluateMethods(
            rows.View,
            new MethodEvaluationOptions
            {
                FurtherScores =
                [
                    new RegionRuleScore(new MeanRegion()),
                    new RegionRuleScore(new OtsuRegion()),
                    new RegionRuleScore(new WindowRegion { Side = 20 }),
                    new RegionRuleScore(new PointsRegion()),
                ],
            }
        );
        AttributeScores beak = evaluation["Second"].Attributes[0];
        scored = beak.Count;
        Assert.AreEqual(1, beak.ConstantMaps.Value);
        Assert.AreEqual(0, evaluation["Second"].Attributes[1].ConstantMaps.Value);
        Assert.AreEqual(0, evaluation["First"].Mean.ConstantMaps.Value);
        Assert.IsTrue(double.IsNaN(evaluation["WholeImage"].Mean.ConstantMaps.Value), "a region is no map");
        foreach (RegionScores region in beak.Regions)
        {
            Assert.AreEqual((0.0, 0.0, 0.0), (region.Mpir.Value, region.HitRate.Value, region.MedianArea.Value));
        }

        Assert.AreEqual(0, beak.Pointing.Value);
        Assert.AreEqual(0.5, beak.Auc.Value);
        foreach (string rule in (string[])["mean", "otsu", "window20", "points0.8"])
        {
            Assert.AreEqual(0, beak.Further[$"hit@{rule}"].Value, rule);
            Assert.IsGreaterThan(0, evaluation["First"].Mean.Further[$"area@{rule}"].Value, rule);
        }

        Assert.Contains($"- Second: {scored} of {evaluation["Second"].Mean.Count} maps are the same everywhere", evaluation.ToMarkdown());
        Assert.DoesNotContain("- First:", evaluation.ToMarkdown());
        Assert.Contains("Second,Method,beak," + scored + ",constant_map,,1,1,1", evaluation.ToCsv());
    }

    [TestMethod]
    public void RegionsOfARuleAreScoredAsThoseOfAThreshold()
    {
        MapRows rows = new(20);
        MethodEvaluation evaluation = ML.Grounding.EvaluateMethods(
            rows.View,
            new MethodEvaluationOptions { Thresholds = [0.8], FurtherScores = [new RegionRuleScore(new PointsRegion())] }
        );
        AttributeScores mean = evaluation["First"].Mean;
        Assert.AreEqual(mean.AtThreshold(0.8).HitRate, mean.Further["hit@points0.8"]);
        Assert.AreEqual(mean.AtThreshold(0.8).Mpir, mean.Further["mpir@points0.8"]);
        Assert.AreEqual(mean.AtThreshold(0.8).MedianArea, mean.Further["area@points0.8"]);
        Assert.Contains("hit@points0.8", evaluation.ToMarkdown());
        Assert.AreNotEqual(
            new RegionRuleScore(new PointsRegion()).Settings,
            new RegionRuleScore(new PointsRegion { Threshold = 0.7 }).Settings
        );
    }
}
