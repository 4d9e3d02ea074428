using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Data;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Comparison;

[TestClass]
public sealed class MethodEvaluationTests
{
    private const int Cells = MapRows.Grid * MapRows.Grid;

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        var options = new MethodEvaluationOptions();
        Assert.IsNull(options.Methods);
        Assert.AreEqual("ImageId", options.ImageIdColumnName);
        Assert.AreEqual("KeyPoints", options.KeyPointsColumnName);
        Assert.AreEqual("KeyPointVisible", options.KeyPointVisibleColumnName);
        Assert.AreEqual("Geometry", options.GeometryColumnName);
        Assert.AreEqual("BoundingBox", options.BoundingBoxColumnName);
        Assert.AreEqual("PartMaskPath", options.PartMaskPathColumnName);
        Assert.AreEqual(0.05, options.RegionThreshold);
        CollectionAssert.AreEqual(new[] { 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9 }, options.AllThresholds);
        CollectionAssert.AreEqual(new[] { 0.01, 0.02, 0.05, 0.1, 0.2 }, options.FixedAreas.ToArray());
        Assert.IsNull(options.KeyPointTable);
        Assert.IsNull(options.SwappedQueries);
        Assert.IsTrue(options.Baselines);
        Assert.AreEqual(8192, options.ChanceDraws);
        Assert.AreEqual(1000, options.BootstrapReplicates);
        Assert.AreEqual(0.95, options.Confidence);
        Assert.AreEqual(1, options.Seed);
    }

    [TestMethod]
    public void EveryMethodScoresAsThePlainComputation()
    {
        var rows = new MapRows(30);
        MethodEvaluation evaluation = Evaluate(rows);
        Assert.AreEqual(30, evaluation.ImageCount);
        CollectionAssert.AreEqual(MapRows.Queries, evaluation.Attributes.ToArray());
        foreach (
            (string name, Func<MapRow, float[]> maps) in (ReadOnlySpan<(string, Func<MapRow, float[]>)>)
                [("First", row => row.First), ("Second", row => row.Second)]
        )
        {
            Assert.AreEqual(MethodKind.Method, evaluation[name].Kind);
            AssertScores(rows, evaluation[name], maps, swapped: false);
        }

        Assert.AreEqual(
            evaluation["First"].Attributes.Average(attribute => attribute.AtThreshold(0.05).Mpir.Value),
            evaluation["First"].Mean.AtThreshold(0.05).Mpir.Value,
            1e-12
        );
    }

    [TestMethod]
    public void BoxesWithoutMeasureCostNoTable()
    {
        var rows = new MapRows(5);
        new[] { 0, 0, 1e-38f, 1e-38f }.CopyTo(rows.Rows[1].Box, 0);
        rows.Rows[1].KeyPoints.AsSpan().Clear();
        rows.Rows[2].Box[2] = float.PositiveInfinity;
        rows.Rows[3].Box[0] = float.NaN;
        MethodEvaluation evaluation = Evaluate(rows);
        Assert.AreEqual(0, evaluation.FailedImageCount);
        Assert.IsTrue(evaluation["GroundTruthBox"].Attributes.All(attribute => double.IsFinite(attribute.AtThreshold(0.05).Mpir.Value)));
        Assert.AreEqual(evaluation.ToJson(), MethodEvaluation.FromJson(evaluation.ToJson()).ToJson());
        Assert.IsTrue(
            _log.Warnings.Any(warning => warning.Contains("row 2: 'BoundingBox' holds infinite values", StringComparison.Ordinal)),
            string.Join('\n', _log.Warnings)
        );
        Assert.IsFalse(
            _log.Warnings.Any(warning => warning.Contains("row 3: 'BoundingBox'", StringComparison.Ordinal)),
            "NaN: the box is not known."
        );
    }

    [TestMethod]
    public void AnInfiniteNumberIsNullInJson()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(2)) with { RegionThreshold = double.PositiveInfinity };
        Assert.Contains("\"regionThreshold\": null", evaluation.ToJson(), StringComparison.OrdinalIgnoreCase);
    }

    [TestMethod]
    public void SwappedQueriesScoreTheMapOfTheOtherPart()
    {
        var rows = new MapRows(20);
        MethodScores swapped = Evaluate(rows)["Second.Swapped"];
        Assert.AreEqual(MethodKind.SwappedQuery, swapped.Kind);
        AssertScores(rows, swapped, row => row.Second, swapped: true);
        Assert.AreEqual(0, swapped.Attributes[0].Count, "the beak's partner, the leg, was not asked for");
    }

    [TestMethod]
    public void TheChainsMapsScoreAsTheirEvaluatorSays()
    {
        var rows = new MapRows(25);
        IDataView scored = ML
            .Transforms.EvaluateMpir(groundingMapsColumnName: "GroundingMaps.First", regionThreshold: 0.3)
            .Fit(rows.View)
            .Transform(rows.View);
        GroundingMetrics expected = ML.Grounding.Evaluate(scored);
        MethodScores actual = Evaluate(rows, options => options.Seed = 1)["First"];
        for (int query = 0; query < MapRows.Queries.Length; query++)
        {
            RegionScores region = actual.Attributes[query].AtThreshold(0.3);
            Assert.AreEqual(expected.Attributes[query].Count, actual.Attributes[query].Count);
            Assert.AreEqual(expected.Attributes[query].MpirEstimate, region.Mpir);
            Assert.AreEqual(expected.Attributes[query].HitRateEstimate, region.HitRate);
            Assert.AreEqual(expected.Attributes[query].MedianAreaEstimate, region.MedianArea);
        }

        Assert.AreEqual(expected.MeanMpirEstimate, actual.Mean.AtThreshold(0.3).Mpir);
    }

    [TestMethod]
    public void BadRowsAreCountedAndCostNoOther()
    {
        var rows = new MapRows(12);
        rows.Rows[2].First.AsSpan().Fill(float.NaN);
        rows.Rows[2].Second.AsSpan().Fill(float.NaN);
        rows.Rows[5].Geometry[0] = float.NaN;
        rows.Rows[7].First[0] = float.NaN;
        MethodEvaluation evaluation = Evaluate(rows);
        Assert.AreEqual(12, evaluation.ImageCount);
        Assert.AreEqual(2, evaluation.FailedImageCount);
        int visible = rows.Rows.Where((_, index) => index is not (2 or 5)).Count(row => row.Visible[1] > 0);
        Assert.AreEqual(visible, evaluation["Second"].Attributes[0].Count);
        Assert.AreEqual(visible, evaluation["WholeImage"].Attributes[0].Count, "baselines are compared on the images that the methods saw");
        Assert.AreEqual(visible - (rows.Rows[7].Visible[1] > 0 ? 1 : 0), evaluation["First"].Attributes[0].Count);
    }

    [TestMethod]
    public void AMapThatIsMissingIsMissingInTheControlThatTakesIt()
    {
        var rows = new MapRows(12);
        MapRow bad = rows.Rows.First(row => row.Visible[1] > 0);
        bad.First.AsSpan(2 * Cells, Cells).Fill(float.NaN);
        MethodEvaluation evaluation = Evaluate(
            rows,
            options => options.SwappedQueries = new Dictionary<string, string> { ["beak"] = "tail" }
        );
        int visible = rows.Rows.Count(row => row.Visible[1] > 0);
        Assert.AreEqual(0, evaluation.FailedImageCount);
        Assert.AreEqual(visible, evaluation["First"].Attributes[0].Count);
        Assert.AreEqual(visible - 1, evaluation["First.Swapped"].Attributes[0].Count);
        Assert.AreEqual(visible, evaluation["Second.Swapped"].Attributes[0].Count);
    }

    [TestMethod]
    public void ARandomPlaceInTheBoxIsAsLargeAsTheFirstMethodsRegion()
    {
        var rows = new MapRows(12);
        foreach (MapRow row in rows.Rows)
        {
            // Everything that is seen.
            new[] { -1000f, -1000, 3000, 3000 }.CopyTo(row.Box, 0);
        }

        MethodEvaluation evaluation = Evaluate(rows);
        for (int query = 0; query < MapRows.Queries.Length; query++)
        {
            AttributeScores first = evaluation["First"].Attributes[query];
            AttributeScores random = evaluation["RandomInBox"].Attributes[query];
            Assert.AreEqual(first.Count, random.Count);
            Assert.AreEqual(first.AtThreshold(0.05).MedianArea.Value, random.AtThreshold(0.05).MedianArea.Value, 1e-5);
        }
    }

    [TestMethod]
    public void DifferencesAreFromTheFirstMethod()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(30));
        Assert.AreEqual("First", evaluation.Reference);
        Assert.IsNull(evaluation["First"].MeanMinusReference);
        Estimate first = evaluation["First"].Mean.AtThreshold(0.3).Mpir;
        Estimate second = evaluation["Second"].Mean.AtThreshold(0.3).Mpir;
        Estimate difference = evaluation["Second"].MeanMinusReference!.AtThreshold(0.3).Mpir;
        Assert.AreEqual(second.Value - first.Value, difference.Value, 1e-12);
        Assert.IsTrue(difference.Low < difference.Value && difference.Value < difference.High);
        Assert.Contains("Difference from First", evaluation.ToMarkdown());
    }

    [TestMethod]
    public void ColumnsAreFoundByNameOrNamed()
    {
        var rows = new MapRows(3);
        MethodEvaluation found = ML.Grounding.EvaluateMethods(rows.View);
        CollectionAssert.AreEqual(
            new[] { "First", "Second" },
            found.Methods.Where(method => method.Kind == MethodKind.Method).Select(method => method.Name).ToArray()
        );
        MethodEvaluation named = ML.Grounding.EvaluateMethods(
            rows.View,
            [new EvaluatedMethod("Mine", "GroundingMaps.Second")],
            regionThreshold: 0.4
        );
        Assert.AreEqual(found["Second"].Attributes[1].AtThreshold(0.4).Mpir, named["Mine"].Attributes[1].AtThreshold(0.4).Mpir);
        Assert.ThrowsExactly<KeyNotFoundException>(() => named["First"]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => named["Mine"].Mean.AtThreshold(0.123));
    }

    [TestMethod]
    public void WhatDoesNotFitIsNamed()
    {
        var rows = new MapRows(2);
        AssertRefused(rows, options => options.Methods = [new("A", "KeyPoints")], "KeyPoints");
        AssertRefused(rows, options => options.Methods = [new("A", "GroundingMaps.First"), new("A", "GroundingMaps.Second")], "each once");
        AssertRefused(rows, options => options.ImageIdColumnName = "Id", "'Id'");
        AssertRefused(rows, options => options.BoundingBoxColumnName = "Geometry", "Geometry");
        AssertRefused(rows, options => options.QueryNames = ["beak", "crest"], "beak, crest");
        AssertRefused(
            rows,
            options => options.KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["eye"] = [15] },
            "'eye' must be from 0 to 14"
        );
        AssertRefused(rows, options => options.FixedAreas = [0], "FixedAreas");
        AssertRefused(rows, options => options.Thresholds = [1.1], "Thresholds");
        AssertRefused(rows, options => options.ChanceDraws = 0, "ChanceDraws");
    }

    [TestMethod]
    public void AnEvaluationOfNothingHasNoScores()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(0));
        Assert.AreEqual(0, evaluation.ImageCount);
        Assert.IsTrue(double.IsNaN(evaluation["First"].Mean.AtThreshold(0.05).Mpir.Value));
        Assert.Contains("0 images", evaluation.ToMarkdown());
        Assert.IsEmpty(evaluation.ChooseThresholds());
    }

    [TestMethod]
    public void JsonReadsBackAsTheSameEvaluation()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(9));
        string json = evaluation.ToJson();
        var back = MethodEvaluation.FromJson(json);
        Assert.AreEqual(json, back.ToJson());
        Assert.AreEqual(evaluation.ToMarkdown(), back.ToMarkdown());
        Assert.IsTrue(double.IsNaN(back["WholeImage"].Mean.Auc.Value), "a score that does not exist is null in the file");
    }

    [TestMethod]
    public void CsvHoldsEveryScore()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(9));
        string[][] lines = [.. evaluation.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
        string[] line = lines.Single(fields => fields[0] == "First" && fields[2] == "eye" && fields[4] == "mpir" && fields[5] == "0.05");
        Estimate expected = evaluation["First"].Attributes[1].AtThreshold(0.05).Mpir;
        CollectionAssert.AreEqual(
            new[] { expected.Value, expected.Low, expected.High },
            line[6..9].Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray()
        );
        int perAttribute = (4 * evaluation.Thresholds.Count) + (2 * evaluation.FixedAreas.Count) + 6;
        Assert.HasCount(1 + (evaluation.Methods.Count * (MapRows.Queries.Length + 1) * perAttribute), lines);
    }

    [TestMethod]
    public void NamesCannotBreakTables()
    {
        MethodEvaluation evaluation = Evaluate(
            new MapRows(9),
            options => options.Methods = [new("First|of\r\ntwo, \"say\"", "GroundingMaps.First")]
        );
        string[] table =
        [
            .. evaluation
                .ToMarkdown()
                .Split('\n')
                .SkipWhile(line => !line.StartsWith("| method", StringComparison.Ordinal))
                .TakeWhile(line => line.Length > 0),
        ];
        Assert.HasCount(4, table, "heading, rule, n and the method");
        Assert.StartsWith("| First\\|of two, \"say\" |", table[3]);
        Assert.AreEqual(
            table[0].Count(character => character == '|'),
            table[3].Replace("\\|", "", StringComparison.Ordinal).Count(character => character == '|')
        );
        Assert.Contains("\n\"First|of\r\ntwo, \"\"say\"\"\",Method,beak,", evaluation.ToCsv());
    }

    [TestMethod]
    public void AMapIsScoredOnAllPartsThatItIsSwappedFor()
    {
        var rows = new MapRows(30);
        MethodEvaluation both = Evaluate(
            rows,
            options => options.SwappedQueries = new Dictionary<string, string> { ["beak"] = "eye", ["tail"] = "eye" }
        );
        foreach ((string query, int index) in (ReadOnlySpan<(string, int)>)[("beak", 0), ("tail", 2)])
        {
            MethodEvaluation alone = Evaluate(rows, options => options.SwappedQueries = new Dictionary<string, string> { [query] = "eye" });
            Assert.IsGreaterThan(0, both["First.Swapped"].Attributes[index].Count);
            Assert.AreEqual(
                alone["First.Swapped"].Attributes[index].AtThreshold(0.05).Mpir.Value,
                both["First.Swapped"].Attributes[index].AtThreshold(0.05).Mpir.Value
            );
        }

        Assert.AreEqual(0, both["First.Swapped"].Attributes[1].Count);
    }

    [TestMethod]
    public void OfEquallyGoodThresholdsTheSmallestIsChosenWhateverRoundingSays()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(3), options => options.Thresholds = [0.1, 0.2]);
        MethodScores first = evaluation["First"];
        // 0.2 better than the area each time, but for a last digit that grows.
        (double Hit, double Area)[] rates = [(0.6, 0.4), (0.3, 0.1), (0.5, 0.3)];
        Assert.IsTrue(rates[0].Hit - rates[0].Area != rates[2].Hit - rates[2].Area);
        foreach ((double, double)[] order in new[] { rates, [.. rates.Reverse()] })
        {
            AttributeScores mean = first.Mean with
            {
                Regions =
                [
                    .. first.Mean.Regions.Zip(
                        order,
                        (region, rate) =>
                            region with
                            {
                                HitRate = new Estimate(rate.Item1, double.NaN, double.NaN),
                                MedianArea = new Estimate(rate.Item2, double.NaN, double.NaN),
                            }
                    ),
                ],
            };
            Assert.AreEqual(0.05, (evaluation with { Methods = [first with { Mean = mean }] }).ChooseThresholds()["First"]);
        }
    }

    [TestMethod]
    public void ThresholdsAreChosenByHitsLessAreaAndReported()
    {
        var rows = new MapRows(30);
        MethodEvaluation train = Evaluate(rows);
        IReadOnlyDictionary<string, double> chosen = train.ChooseThresholds();
        foreach (string name in (string[])["First", "Second"])
        {
            Assert.AreEqual(
                train[name].Mean.Regions.OrderByDescending(region => region.HitRate.Value - region.MedianArea.Value).First().Threshold,
                chosen[name]
            );
        }

        MethodEvaluation test = Evaluate(
            new MapRows(20, seed: 2),
            options =>
            {
                options.ChosenThresholds = chosen;
                options.ThresholdsChosenOn = "30 other rows";
                options.Thresholds = [];
            }
        );
        Assert.AreEqual(chosen["First"], test["First"].ChosenThreshold);
        Assert.IsNull(test["WholeImage"].ChosenThreshold);
        Assert.IsFalse(double.IsNaN(test["First"].Mean.AtThreshold(chosen["First"]).Mpir.Value));
        Assert.Contains("chosen on 30 other rows", test.ToMarkdown());
    }

    [TestMethod]
    public void AWordWithoutKeyPointsIsNotScoredWhichIsSaidOnce()
    {
        MethodEvaluation evaluation = Evaluate(new MapRows(8), options => options.QueryNames = ["beak", "crest", "crown"]);

        CollectionAssert.AreEqual(
            (bool[])[true, false, true],
            evaluation["First"].Attributes.Select(attribute => attribute.Count > 0).ToArray()
        );
        string warning = _log.Warnings.Single();
        Assert.Contains("not scored, because no key point is known for it: 'crest'.", warning);
        IReadOnlyList<PartPosition> positions = ML.Grounding.LearnPartPositions(new MapRows(8).View, ["beak", "crest"]);
        Assert.IsGreaterThan(0, positions[0].Count);
        Assert.AreEqual(0, positions[1].Count);
        Assert.HasCount(2, _log.Warnings);
    }

    [TestMethod]
    public void WithoutAnnotationsAWordsControlIsHalfARoundOn()
    {
        var rows = new MapRows(12);
        IDataView plain = new ListView<MapRow>(
            rows.Rows,
            [
                ListColumn<MapRow>.Scalar("ImageId", NumberDataViewType.Int32, row => row.Id),
                ListColumn<MapRow>.Vector("KeyPoints", [15, 2], row => row.KeyPoints),
                ListColumn<MapRow>.Vector("KeyPointVisible", [15], row => row.Visible, CubParts.KeyPointNames),
                ListColumn<MapRow>.Vector("Geometry", [ImageGeometry.Length], row => row.Geometry),
                ListColumn<MapRow>.Vector("GroundingMaps", [3, MapRows.Grid, MapRows.Grid], row => row.First),
            ]
        );
        MethodEvaluation evaluation = ML.Grounding.EvaluateMethods(
            plain,
            new MethodEvaluationOptions
            {
                QueryNames = ["beak", "throat", "tail"],
                BoundingBoxColumnName = null,
                ChanceDraws = 50,
            }
        );
        Assert.IsEmpty(_log.Warnings, "the points are named by the slots of the visibilities");

        int[][] points =
        [
            [1],
            [14],
            [13],
        ];
        for (int query = 0; query < 3; query++)
        {
            int source = (query + 1) % 3;
            double[] expected =
            [
                .. rows
                    .Rows.Select(row =>
                        PlainScore.Of(
                            row.First.AsSpan(source * Cells, Cells).ToArray(),
                            ImageGeometry.FromVector(row.Geometry),
                            0.05,
                            row.KeyPoints,
                            row.Visible,
                            points[query]
                        )
                    )
                    .OfType<(bool, double, double Mpir)>()
                    .Select(score => score.Mpir),
            ];
            AttributeScores actual = evaluation["GroundingMaps.Swapped"].Attributes[query];
            Assert.AreEqual(expected.Length, actual.Count);
            Assert.AreEqual(expected.Average(), actual.AtThreshold(0.05).Mpir.Value, 1e-4 * expected.Average());
        }
    }

    [TestMethod]
    public void PartPositionsAreLearnedFromTheAnnotations()
    {
        var rows = new MapRows(15);
        IReadOnlyList<PartPosition> positions = ML.Grounding.LearnPartPositions(rows.View, MapRows.Queries);
        CollectionAssert.AreEqual(
            CubParts.KeyPointsOf.Keys.ToArray(),
            ML.Grounding.LearnPartPositions(rows.View).Select(position => position.Query).ToArray(),
            "all that the data describes"
        );
        MapRow[] seen = [.. rows.Rows.Where(row => row.Visible[1] > 0)];
        Assert.AreEqual(seen.Length, positions[0].Count);
        Assert.AreEqual(seen.Average(row => (row.KeyPoints[2] - 10.0) / 50), positions[0].X, 1e-6);
        MethodEvaluation evaluation = Evaluate(rows, options => options.PartPositions = positions);
        Assert.IsFalse(double.IsNaN(evaluation["MeanPartPosition"].Mean.Auc.Value));
        Assert.AreEqual("rows that are not named", evaluation.PartPositionsLearnedOn);
    }

    private MethodEvaluation Evaluate(MapRows rows, Action<MethodEvaluationOptions>? change = null)
    {
        var options = new MethodEvaluationOptions { ChanceDraws = 50 };
        change?.Invoke(options);
        return ML.Grounding.EvaluateMethods(rows.View, options);
    }

    private void AssertRefused(MapRows rows, Action<MethodEvaluationOptions> change, string named)
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Evaluate(rows, change));
        Assert.Contains(named, error.Message);
    }

    private static void AssertScores(MapRows rows, MethodScores actual, Func<MapRow, float[]> maps, bool swapped)
    {
        for (int query = 0; query < MapRows.Queries.Length; query++)
        {
            int source = swapped ? Array.IndexOf(MapRows.Queries, CubParts.SwappedQueries[MapRows.Queries[query]]) : query;
            if (source < 0)
            {
                continue;
            }

            foreach (RegionScores region in actual.Attributes[query].Regions)
            {
                (bool Hit, double Area, double Mpir)[] expected =
                [
                    .. rows
                        .Rows.Select(row =>
                            PlainScore.Of(
                                maps(row).AsSpan(source * Cells, Cells).ToArray(),
                                ImageGeometry.FromVector(row.Geometry),
                                region.Threshold,
                                row.KeyPoints,
                                row.Visible,
                                CubParts.KeyPointsOf[MapRows.Queries[query]]
                            )
                        )
                        .OfType<(bool, double, double)>(),
                ];
                Assert.AreEqual(expected.Length, actual.Attributes[query].Count);
                Assert.AreEqual(expected.Average(score => score.Mpir), region.Mpir.Value, 1e-4 * region.Mpir.Value + 1e-9);
                Assert.AreEqual(expected.Average(score => score.Hit ? 1.0 : 0), region.HitRate.Value, 1e-9);
                Assert.IsTrue(region.Mpir.Low <= region.Mpir.Value && region.Mpir.Value <= region.Mpir.High);
            }
        }
    }
}
