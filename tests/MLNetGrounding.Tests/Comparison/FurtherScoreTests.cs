using System.Globalization;
using Microsoft.ML;
using MLNetGrounding.Scoring;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Comparison;

/// <summary>Scores that are written outside of the library, in everything that an evaluation gives.</summary>
[TestClass]
public sealed class FurtherScoreTests : IDisposable
{
    private readonly LoggingContext _log = new();
    private readonly TemporaryFolder _folder = new();

    private MLContext ML => _log.ML;

    private string Scores => Path.Combine(_folder.Path, "scores.csv");

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void AScoreThatRepeatsOneOfTheLibrarysHasItsNumbersAndIntervals()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(30), new MassAndArea());
        CollectionAssert.AreEqual(new[] { "mass", "half_area" }, evaluation.FurtherScores.Select(column => column.Name).ToArray());
        foreach (MethodScores method in evaluation.Methods.Where(method => method.Kind == MethodKind.Method))
        {
            foreach (AttributeScores attribute in method.Attributes.Append(method.Mean))
            {
                Assert.AreEqual(attribute.MassInBox, attribute.Further["mass"], $"{method.Name}, {attribute.Name}");
                Assert.AreEqual(attribute.AtThreshold(0.5).MedianArea, attribute.Further["half_area"], $"{method.Name}, {attribute.Name}");
                Assert.IsTrue(attribute.Further["mass"].Low < attribute.Further["mass"].Value);
            }
        }

        MethodScores second = evaluation["Second"];
        Assert.AreEqual(second.MeanMinusReference!.MassInBox, second.MeanMinusReference.Further["mass"]);
        Assert.AreEqual(evaluation["CenterGaussian"].Mean.MassInBox, evaluation["CenterGaussian"].Mean.Further["mass"]);
        Assert.IsTrue(double.IsNaN(evaluation["WholeImage"].Mean.Further["mass"].Value), "a region has no map");
    }

    [TestMethod]
    public void TablesFilesAndJsonHoldTheScore()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(10), new MassAndArea());
        Estimate mass = evaluation["First"].Mean.Further["mass"];
        string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        Assert.Contains(
            $"\nFirst,Method,mean,{evaluation["First"].Mean.Count},mass,,{Text(mass.Value)},{Text(mass.Low)},{Text(mass.High)}\n",
            evaluation.ToCsv()
        );
        string markdown = evaluation.ToMarkdown();
        Assert.MatchesRegex(@"\n## Further scores, means over the attributes\n\n\| method +\| +mass \| +half_area \|\n", markdown);
        Assert.MatchesRegex(
            FormattableString.Invariant($@"\n\| First +\| +{mass.Value:0.000} \[{mass.Low:0.000}, {mass.High:0.000}\] \|"),
            markdown
        );
        Assert.Contains("## Further scores, difference from First", markdown);
        Assert.Contains("- mass: the share of the map in the box.", markdown);
        var read = MethodEvaluation.FromJson(evaluation.ToJson());
        Assert.AreEqual(evaluation.ToJson(), read.ToJson());
        Assert.AreEqual(mass, read["First"].Mean.Further["mass"]);
        Assert.AreEqual(ScoreAggregate.Median, read.FurtherScores[1].Aggregate);
        Assert.DoesNotContain("Further", Evaluate(new MapRows(2)).ToMarkdown());
    }

    [TestMethod]
    public void AnInterruptedEvaluationGoesOnWithItAndIsRefusedWithAnother()
    {
        string expected = Evaluate(new MapRows(8), new MassAndArea()).ToJson();
        Evaluate(new MapRows(5), Scores, new MassAndArea());
        var rows = new MapRows(8);
        Assert.AreEqual(expected, Evaluate(rows, Scores, new MassAndArea()).ToJson());
        Assert.AreEqual(2 * 3, rows.Reads);
        AssertRefused("further scores was", new MassAndArea { Version = "2" });
        AssertRefused("further scores was");

        void AssertRefused(string named, params GroundingScore[] scores) =>
            Assert.Contains(named, Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new MapRows(8), Scores, scores)).Message);
    }

    [TestMethod]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void AnInfiniteNumberCountsAsNotScoredAndIsSaid(float value)
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(4), Scores, new PlainScore("endless", value));
        Assert.IsTrue(double.IsNaN(evaluation["First"].Mean.Further["endless"].Value));
        Assert.IsTrue(double.IsFinite(evaluation["First"].Mean.Auc.Value), "the other scores of the row are as good as before");
        Assert.IsTrue(
            _log.Warnings.Any(warning => warning.Contains("the score 'endless' is infinite for query", StringComparison.Ordinal))
        );
        Assert.AreEqual(evaluation.ToJson(), Evaluate(new MapRows(4), Scores, new PlainScore("endless", value)).ToJson());
    }

    [TestMethod]
    [DataRow("auc", "named 'auc'")]
    [DataRow("hit@0.05", "named 'hit@0.05'")]
    [DataRow(" ", "one line of text")]
    [DataRow("two\nlines", "one line of text")]
    public void ANumberNeedsANameOfItsOwn(string name, string problem)
    {
        Assert.Contains(problem, Assert.ThrowsExactly<ArgumentException>(() => Evaluate(new MapRows(1), new PlainScore(name, 1))).Message);
        var options = new GroundingReportOptions { FurtherScores = [new PlainScore(name, 1)] };
        Assert.Contains(problem, Assert.ThrowsExactly<ArgumentException>(() => new GroundingReport(options)).Message);
    }

    private MethodEvaluation Evaluate(MapRows rows, params GroundingScore[] scores) => Evaluate(rows, null, scores);

    private MethodEvaluation Evaluate(MapRows rows, string? path, params GroundingScore[] scores) =>
        ML.Grounding.EvaluateMethods(
            rows.View,
            new MethodEvaluationOptions
            {
                ChanceDraws = 20,
                BootstrapReplicates = 50,
                ScoresPath = path,
                FurtherScores = scores,
            }
        );

    /// <summary>The share of the map's mass in the box, and the area of the region at 0.5: both are the library's, too.</summary>
    private sealed class MassAndArea : GroundingScore
    {
        public string Version { get; init; } = "1";

        public override IReadOnlyList<ScoreColumn> Columns { get; } =
        [new("mass") { Description = "the share of the map in the box" }, new("half_area", ScoreAggregate.Median)];

        public override string Settings => Version;

        public override void Score(in ScoredMap map, Span<float> scores)
        {
            (double inside, double all) = (0, 0);
            for (int cell = 0; cell < map.Values.Length; cell++)
            {
                all += map.Values[cell];
                inside += (double)map.Values[cell] * map.BoxFractions[cell];
            }

            scores[0] = (float)(inside / all);
            bool[] region = new bool[map.Grid.Cells];
            map.MarkRegion(0.5, region);
            scores[1] = (float)map.AreaOf(region);
        }
    }

    private sealed class PlainScore(string name, float value) : GroundingScore
    {
        public override IReadOnlyList<ScoreColumn> Columns => [new(name)];

        public override void Score(in ScoredMap map, Span<float> scores) => scores.Fill(value);
    }
}
