using Microsoft.ML;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Scoring;

[TestClass]
public sealed class MpirEvaluatorTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        var options = new MpirEvaluatorOptions();
        Assert.AreEqual("GroundingMaps", options.GroundingMapsColumnName);
        Assert.AreEqual("KeyPoints", options.KeyPointsColumnName);
        Assert.AreEqual("KeyPointVisible", options.KeyPointVisibleColumnName);
        Assert.AreEqual("Geometry", options.GeometryColumnName);
        Assert.AreEqual("Hit", options.HitColumnName);
        Assert.AreEqual("Area", options.AreaColumnName);
        Assert.AreEqual("Mpir", options.MpirColumnName);
        Assert.AreEqual(0.05, options.RegionThreshold);
        Assert.IsNull(options.KeyPointTable);
        Assert.IsNull(options.GroundingMapDimensions);
        Assert.IsNull(options.QueryNames);
    }

    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.3)]
    public void ScoresAndMetricsAreThoseOfThePlainComputation(double threshold)
    {
        var rows = new AttentionRows(40);
        IDataView data = Maps(rows.View);
        data = ML.Transforms.EvaluateMpir(regionThreshold: threshold).Fit(data).Transform(data);
        float[][] maps = data.Vectors("GroundingMaps");
        (float[][] hit, float[][] area, float[][] mpir) = (data.Vectors("Hit"), data.Vectors("Area"), data.Vectors("Mpir"));
        var scored = new List<(bool Hit, double Area, double Mpir)>[] { [], [] };
        for (int row = 0; row < 40; row++)
        {
            AttentionRow source = rows.Rows[row];
            for (int query = 0; query < 2; query++)
            {
                float[] map = maps[row].Chunk(AttentionRows.Cells).ElementAt(query);
                (bool Hit, double Area, double Mpir)? expected = PlainScore.Of(
                    map,
                    ImageGeometry.FromVector(source.Geometry),
                    threshold,
                    source.KeyPoints,
                    source.KeyPointVisible,
                    CubParts.KeyPointsOf[AttentionRows.Queries[query]]
                );
                if (expected is not { } score)
                {
                    Assert.IsTrue(float.IsNaN(hit[row][query]) && float.IsNaN(area[row][query]) && float.IsNaN(mpir[row][query]));
                    continue;
                }

                scored[query].Add(score);
                Assert.AreEqual(score.Hit ? 1 : 0, hit[row][query]);
                Assert.AreEqual(score.Area, area[row][query], 1e-6);
                Assert.AreEqual(score.Mpir, mpir[row][query], 1e-5 * Math.Max(1, score.Mpir));
            }
        }

        GroundingMetrics metrics = ML.Grounding.Evaluate(data);
        Assert.AreEqual(40, metrics.RowCount);
        for (int query = 0; query < 2; query++)
        {
            AttributeMetrics actual = metrics.Attributes[query];
            AssertMetrics(AttentionRows.Queries[query], scored[query], actual);
            Assert.IsTrue(actual.HitRate is > 0 and < 1, "the rows hold hits and misses");
            Assert.IsLessThan(40, actual.Count);
        }

        AssertMetrics("all", [.. scored[0], .. scored[1]], metrics.Overall);
        Assert.AreEqual((metrics.Attributes[0].MeanMpir + metrics.Attributes[1].MeanMpir) / 2, metrics.MeanMpir, 1e-12);
    }

    [TestMethod]
    public void ANegativeVisibilityMarksItsRowOnly()
    {
        var rows = new AttentionRows(3);
        IDataView data = Maps(rows.View);
        float[][] expected = ML.Transforms.EvaluateMpir().Fit(data).Transform(data).Vectors("Mpir");
        rows.Rows[1].KeyPointVisible[2] = -1;
        float[][] actual = ML.Transforms.EvaluateMpir().Fit(data).Transform(data).Vectors("Mpir");
        Assert.IsTrue(actual[1].All(float.IsNaN));
        CollectionAssert.AreEqual(expected[0], actual[0]);
        CollectionAssert.AreEqual(expected[2], actual[2]);
        Assert.IsTrue(
            _log.Warnings.Any(warning => warning.Contains("row 1: 'KeyPointVisible' holds a negative number", StringComparison.Ordinal)),
            string.Join('\n', _log.Warnings)
        );
    }

    [TestMethod]
    public void AViewWithoutScoresIsRefusedAndAnEmptyOneHasNoMetrics()
    {
        var rows = new AttentionRows(0);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Grounding.Evaluate(rows.View));
        StringAssert.Contains(error.Message, "'Hit'");
        IDataView data = Maps(rows.View);
        GroundingMetrics metrics = ML.Grounding.Evaluate(ML.Transforms.EvaluateMpir().Fit(data).Transform(data));
        Assert.AreEqual(0, metrics.RowCount);
        Assert.AreEqual(0, metrics.Overall.Count);
        Assert.IsTrue(double.IsNaN(metrics.MeanMpir) && double.IsNaN(metrics.Overall.HitRate) && double.IsNaN(metrics.Overall.MedianArea));
    }

    [TestMethod]
    public void AQueryWithoutKeyPointsIsNotScoredWhichIsSaidOnce()
    {
        var rows = new AttentionRows(5);
        IDataView data = Maps(rows.View);
        var options = new MpirEvaluatorOptions { QueryNames = ["beak", "crest"] };
        AssertFirstIsScoredAlone(ML.Transforms.EvaluateMpir(options).Fit(data).Transform(data));
        string warning = _log.Warnings.Single();
        StringAssert.Contains(warning, "not scored, because no key point is known for it: 'crest'. State points in KeyPointTable");
        StringAssert.Contains(warning, "beak, belly, breast, head");

        options.KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["crest"] = [] };
        AssertFirstIsScoredAlone(ML.Transforms.EvaluateMpir(options).Fit(data).Transform(data));
        Assert.HasCount(1, _log.Warnings, "an empty entry leaves a query out, as was asked for");
        options.KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["crest"] = [15] };
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.EvaluateMpir(options).Fit(data)
        );
        StringAssert.Contains(error.Message, "from 0 to 14");

        static void AssertFirstIsScoredAlone(IDataView scored)
        {
            float[][] mpir = scored.Vectors("Mpir");
            Assert.IsTrue(mpir.All(row => float.IsNaN(row[1])));
            Assert.IsTrue(mpir.Any(row => !float.IsNaN(row[0])));
        }
    }

    [TestMethod]
    public void AFittedModelKeepsTheKeyPointsOfItsDataWhenItIsSaved()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "evaluator.zip");
        IDataView data = Maps(new AttentionRows(6).View);
        MpirEvaluatorTransformer evaluator = ML.Transforms.EvaluateMpir().Fit(data);
        float[][] expected = evaluator.Transform(data).Vectors("Mpir");
        Assert.IsTrue(expected.Any(row => row.Any(float.IsFinite)));

        ML.Model.Save(evaluator, data.Schema, path);
        ITransformer loaded = new MLContext().Model.Load(path, out _);

        IDataView plain = Maps(new AttentionRows(6, annotated: false).View);
        Assert.IsEmpty(KeyPointDescription.Of(plain.Schema["KeyPoints"]).KeyPointTable);
        float[][] actual = loaded.Transform(plain).Vectors("Mpir");
        for (int row = 0; row < expected.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], actual[row], $"row {row}");
        }
    }

    [TestMethod]
    public void BadRowsAreNotScoredAndCostNoOther()
    {
        var rows = new AttentionRows(5);
        IDataView data = Maps(rows.View);
        MpirEvaluatorTransformer evaluator = ML.Transforms.EvaluateMpir().Fit(data);
        float[][] expected = evaluator.Transform(data).Vectors("Area");
        rows.Rows[1].Geometry[3] = float.NaN;
        rows.Rows[2].Geometry[0] = -4;
        rows.Rows[3].KeyPoints[2] = float.PositiveInfinity;
        float[][] actual = evaluator.Transform(data).Vectors("Area");
        CollectionAssert.AreEqual(expected[0], actual[0]);
        CollectionAssert.AreEqual(expected[4], actual[4]);
        Assert.IsTrue(actual[1..4].All(row => row.All(float.IsNaN)));
        Assert.HasCount(4, _log.Warnings);
        StringAssert.Contains(_log.Warnings[^1], "3 row(s)");
    }

    [TestMethod]
    public void DimensionsAndThresholdAreChecked()
    {
        var rows = new AttentionRows(1);
        IDataView data = Maps(rows.View);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Transforms.EvaluateMpir(regionThreshold: 1.5));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.EvaluateMpir(keyPointsColumnName: "Geometry").Fit(data)
        );
        StringAssert.Contains(error.Message, "12 numbers, while column 'KeyPointVisible' has 15 points");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.EvaluateMpir(geometryColumnName: "KeyPoints").Fit(data)
        );
        StringAssert.Contains(error.Message, "KeyPoints");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.EvaluateMpir(groundingMapsColumnName: "FlowRowSums").Fit(data)
        );
        StringAssert.Contains(error.Message, "[queries, gridHeight, gridWidth]");
    }

    private static void AssertMetrics(string name, List<(bool Hit, double Area, double Mpir)> scores, AttributeMetrics actual)
    {
        double[] areas = [.. scores.Select(score => score.Area).Order()];
        Assert.AreEqual(name, actual.Name);
        Assert.AreEqual(scores.Count, actual.Count);
        Assert.AreEqual(scores.Average(score => score.Mpir), actual.MeanMpir, 1e-4);
        Assert.AreEqual(scores.Average(score => score.Hit ? 1.0 : 0), actual.HitRate, 1e-9);
        Assert.AreEqual((areas[(areas.Length - 1) / 2] + areas[areas.Length / 2]) / 2, actual.MedianArea, 1e-6);
    }

    private IDataView Maps(IDataView view) => ML.Transforms.SelectHeads().Append(ML.Transforms.MaskByRollout()).Fit(view).Transform(view);
}
