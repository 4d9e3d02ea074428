using System.Globalization;
using Microsoft.ML;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Scoring;

/// <summary>What chance and the bird's box score on the 200 real annotations; the numbers are printed.</summary>
[TestClass]
public sealed class ChanceTests
{
    private const int Grid = 24;

    private readonly MLContext _ml = new(seed: 1);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void ChanceIsOneForOnePointAndMoreForAnyOfSeveral()
    {
        MethodEvaluation evaluation = EvaluateSubset();
        foreach (MethodScores baseline in evaluation.Methods.Where(method => method.Kind == MethodKind.Baseline))
        {
            IEnumerable<string> cells = baseline
                .Attributes.Append(baseline.Mean)
                .Select(attribute => (attribute.Name, attribute.AtThreshold(0.05).Mpir))
                .Select(score =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{score.Name} {score.Mpir.Value:0.00} [{score.Mpir.Low:0.00}, {score.Mpir.High:0.00}]"
                    )
                );
            TestContext.WriteLine($"{baseline.Name}: {string.Join(", ", cells)}");
        }

        foreach (string name in (string[])["Chance.OneCell.OnePoint", "Chance.5%.OnePoint"])
        {
            AssertHolds(1, evaluation[name].Mean.AtThreshold(0.05).Mpir, name);
            foreach (AttributeScores attribute in evaluation[name].Attributes)
            {
                // Ten intervals of 95 %: one may miss, by a little.
                Assert.AreEqual(1, attribute.AtThreshold(0.05).Mpir.Value, 0.06, attribute.Name);
            }
        }

        var expected = new Dictionary<string, double>
        {
            ["head"] = 2.8,
            ["leg"] = 1.8,
            ["wing"] = 1.3,
            ["eye"] = 1.1,
        };
        foreach (AttributeScores attribute in evaluation["Chance.OneCell"].Attributes)
        {
            Assert.AreEqual(expected.GetValueOrDefault(attribute.Name, 1), attribute.AtThreshold(0.05).Mpir.Value, 0.06, attribute.Name);
        }

        Assert.AreEqual(3.95, evaluation["GroundTruthBox"].Mean.AtThreshold(0.05).Mpir.Value, 0.4);
        Assert.AreEqual(1, evaluation["WholeImage"].Mean.AtThreshold(0.05).Mpir.Value, 1e-6);
    }

    private static void AssertHolds(double value, Estimate estimate, string name) =>
        Assert.IsTrue(
            estimate.Low <= value && value <= estimate.High,
            $"{name}: {value} does not lie in [{estimate.Low}, {estimate.High}]"
        );

    /// <summary>Random maps stand for a method; only baselines are looked at.</summary>
    private MethodEvaluation EvaluateSubset()
    {
        IDataView cub = _ml.Data.LoadCub(TestData.Require("cub/subset200/CUB_200_2011"));
        var rows = new List<AnnotatedRow>();
        var random = new Random(1);
        foreach (AnnotatedRow row in _ml.Data.CreateEnumerable<AnnotatedRow>(cub, reuseRowObject: false, ignoreMissingColumns: true))
        {
            SKImageInfo info = SKBitmap.DecodeBounds(row.ImagePath);
            SquareGeometry.Create(ImageFit.Pad, info.Width, info.Height, 336, Grid).CopyTo(row.Geometry);
            row.GroundingMaps = [.. Enumerable.Range(0, CubParts.Attributes.Count * Grid * Grid).Select(_ => random.NextSingle())];
            rows.Add(row);
        }

        IDataView maps = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Grounding.EvaluateMethods(
            maps,
            new MethodEvaluationOptions
            {
                QueryNames = CubParts.Attributes,
                KeyPointTable = CubParts.KeyPointsOf,
                Thresholds = [],
                FixedAreas = [],
                ChanceDraws = 20_000,
                SwappedQueries = new Dictionary<string, string>(),
            }
        );
    }

    private sealed class AnnotatedRow
    {
        public int ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        [Microsoft.ML.Data.VectorType(4)]
        public float[] BoundingBox { get; set; } = [];

        [Microsoft.ML.Data.VectorType(15, 2)]
        public float[] KeyPoints { get; set; } = [];

        [Microsoft.ML.Data.VectorType(15)]
        public float[] KeyPointVisible { get; set; } = [];

        [Microsoft.ML.Data.VectorType(ImageGeometry.Length)]
        public float[] Geometry { get; set; } = new float[ImageGeometry.Length];

        [Microsoft.ML.Data.VectorType(10, Grid, Grid)]
        public float[] GroundingMaps { get; set; } = new float[10 * Grid * Grid];
    }
}
