using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Features;

[TestClass]
public sealed class GroundingFeaturizerTests
{
    private const int Length = 3;

    private static readonly string[] Queries = ["beak", "eye"];

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        var options = new GroundingFeaturizerOptions();
        Assert.AreEqual("GroundingFeatures", options.GroundingFeaturesColumnName);
        Assert.AreEqual("GroundingMaps", options.GroundingMapsColumnName);
        Assert.AreEqual("PatchFeatures", options.PatchFeaturesColumnName);
        Assert.AreEqual(new PoolingOptions(), options.Pooling);
        Assert.IsNull(options.GroundingMapDimensions);
        Assert.IsNull(options.QueryNames);
    }

    [TestMethod]
    public void FeaturesAreTheWeightedMeanOfThePatches()
    {
        FeatureRow[] rows = [Row(1), Row(2)];
        IDataView data = ML.Transforms.FeaturizeGrounding().Fit(View(rows)).Transform(View(rows));
        CollectionAssert.AreEqual(new[] { 2, Length }, data.Schema.Dimensions("GroundingFeatures"));
        float[][] features = data.Vectors("GroundingFeatures");
        for (int row = 0; row < rows.Length; row++)
        {
            for (int slot = 0; slot < 2 * Length; slot++)
            {
                double[] map = [.. rows[row].Maps.Chunk(6).ElementAt(slot / Length).Select(value => (double)value)];
                double expected =
                    map.Select((weight, cell) => weight * rows[row].Features[(cell * Length) + (slot % Length)]).Sum() / map.Sum();
                Assert.AreEqual(expected, features[row][slot], 1e-5);
            }
        }

        IDataView region = ML
            .Transforms.FeaturizeGrounding(pooling: new PoolingOptions { Weights = PoolingWeights.Region, RegionThreshold = 1 })
            .Fit(View(rows))
            .Transform(View(rows));
        int peak = Array.IndexOf(rows[0].Maps, rows[0].Maps.Take(6).Max());
        CollectionAssert.AreEqual(
            rows[0].Features.Skip(peak * Length).Take(Length).ToArray(),
            region.Vectors("GroundingFeatures")[0][..Length]
        );
    }

    [TestMethod]
    public void SlotsAreCalledAfterQueryAndFeature()
    {
        IDataView data = ML.Transforms.FeaturizeGrounding().Fit(View([Row(1)])).Transform(View([Row(1)]));
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["GroundingFeatures"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(
            new[] { "beak.0", "beak.1", "beak.2", "eye.0", "eye.1", "eye.2" },
            names.DenseValues().Select(name => name.ToString()).ToArray()
        );
        CollectionAssert.AreEqual(Queries, data.Schema["GroundingFeatures"].GetQueryNames().ToArray());
    }

    [TestMethod]
    public void MoreThanTenThousandSlotsHaveNoNames()
    {
        DataViewSchema schema = View([], length: 5000).Schema;
        Assert.IsTrue(
            ML.Transforms.FeaturizeGrounding().Fit(View([], length: 5000)).GetOutputSchema(schema)["GroundingFeatures"].HasSlotNames()
        );
        DataViewSchema.Column tooMany = ML
            .Transforms.FeaturizeGrounding()
            .Fit(View([], length: 5001))
            .GetOutputSchema(View([], length: 5001).Schema)["GroundingFeatures"];
        Assert.IsFalse(tooMany.HasSlotNames());
        CollectionAssert.AreEqual(Queries, tooMany.GetQueryNames().ToArray());
    }

    [TestMethod]
    public void WhatCannotBePooledIsMarkedAndCostsNothingElse()
    {
        FeatureRow[] rows = [Row(1), Row(2), Row(3), Row(4)];
        float[][] expected = ML.Transforms.FeaturizeGrounding().Fit(View(rows)).Transform(View(rows)).Vectors("GroundingFeatures");
        rows[1].Features.AsSpan().Fill(float.NaN);
        rows[2].Maps[2] = float.NaN;
        rows[3].Features[1] = float.PositiveInfinity;
        float[][] actual = ML.Transforms.FeaturizeGrounding().Fit(View(rows)).Transform(View(rows)).Vectors("GroundingFeatures");
        CollectionAssert.AreEqual(expected[0], actual[0]);
        Assert.IsTrue(actual[1].All(float.IsNaN), "a row without an image");
        Assert.IsTrue(actual[2][..Length].All(float.IsNaN), "the query whose map holds NaN");
        CollectionAssert.AreEqual(expected[2][Length..], actual[2][Length..]);
        Assert.IsTrue(actual[3].All(float.IsNaN));
        Assert.HasCount(3, _log.Warnings, "A row that a step before has marked is not reported again.");
        StringAssert.Contains(_log.Warnings[0], "row 2: 'GroundingMaps'");
        StringAssert.Contains(_log.Warnings[1], "row 3: 'PatchFeatures'");
    }

    [TestMethod]
    public void AMapThatPrefersNoPlaceGivesTheMeanFeatures()
    {
        FeatureRow row = Row(5);
        row.Maps.AsSpan(0, 6).Clear();
        row.Maps.AsSpan(6, 6).Fill(0.5f);
        float[] features = ML.Transforms.FeaturizeGrounding().Fit(View([row])).Transform(View([row])).Vectors("GroundingFeatures")[0];
        for (int slot = 0; slot < features.Length; slot++)
        {
            Assert.AreEqual(Enumerable.Range(0, 6).Average(cell => row.Features[(cell * Length) + (slot % Length)]), features[slot], 1e-6);
        }
    }

    [TestMethod]
    public void FlatVectorsWorkWithStatedDimensions()
    {
        FeatureRow[] rows = [Row(1), Row(2)];
        IDataView flat = ML.Data.LoadFromEnumerable(
            rows.Select(row => new FlatRow { GroundingMaps = row.Maps, PatchFeatures = row.Features })
        );
        IDataView data = ML
            .Transforms.FeaturizeGrounding(new GroundingFeaturizerOptions { GroundingMapDimensions = [2, 2, 3], QueryNames = Queries })
            .Fit(flat)
            .Transform(flat);
        Columns.AssertSame(
            ML.Transforms.FeaturizeGrounding().Fit(View(rows)).Transform(View(rows)).Vectors("GroundingFeatures"),
            data.Vectors("GroundingFeatures")
        );
    }

    [TestMethod]
    public void AGridThatDoesNotFitThePatchesIsRefused()
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.FeaturizeGrounding().Fit(View([], width: 4))
        );
        StringAssert.Contains(error.Message, "4 as gridWidth, but column 'GroundingMaps' has 3");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.FeaturizeGrounding(patchFeaturesColumnName: "Other").Fit(View([]))
        );
        StringAssert.Contains(error.Message, "no input column 'Other'");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.FeaturizeGrounding(pooling: new PoolingOptions { RegionThreshold = 2 })
        );
    }

    [TestMethod]
    public void StockTrainersTakeTheFeatures()
    {
        var random = new Random(3);
        FeatureRow[] rows =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(id =>
                {
                    FeatureRow row = Row(id);
                    row.Label = id % 2 == 0 ? "dark" : "light";
                    // Only the features where the first query looks tell the classes apart.
                    row.Features[(Array.IndexOf(row.Maps, row.Maps.Take(6).Max()) * Length) + 1] = (id % 2) + (0.1f * random.NextSingle());
                    return row;
                }),
        ];
        EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> pipeline = ML
            .Transforms.FeaturizeGrounding(pooling: new PoolingOptions { Weights = PoolingWeights.Region, RegionThreshold = 0.99 })
            .Append(ML.Transforms.Conversion.MapValueToKey("Label"))
            .Append(
                ML.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                    featureColumnName: "GroundingFeatures",
                    maximumNumberOfIterations: 200
                )
            );
        using TransformerChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> model = pipeline.Fit(View(rows[..40]));
        MulticlassClassificationMetrics metrics = ML.MulticlassClassification.Evaluate(model.Transform(View(rows[40..])));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
    }

    private static FeatureRow Row(int seed)
    {
        var random = new Random(seed);
        return new FeatureRow
        {
            Maps = [.. Enumerable.Range(0, 12).Select(_ => random.NextSingle())],
            Features = [.. Enumerable.Range(0, 6 * Length).Select(_ => random.NextSingle() - 0.5f)],
        };
    }

    private static ListView<FeatureRow> View(IReadOnlyList<FeatureRow> rows, int width = 3, int length = Length) =>
        new(
            rows,
            [
                ListColumn<FeatureRow>.Text("Label", row => row.Label),
                ListColumn<FeatureRow>.Vector("GroundingMaps", [2, 2, 3], row => row.Maps) with
                {
                    Column = ColumnAnnotations.Vector("GroundingMaps", [2, 2, 3], ["query", "row", "column"], Queries),
                },
                ListColumn<FeatureRow>.Vector("PatchFeatures", [2, width, length], row => row.Features),
            ]
        );

    private sealed class FeatureRow
    {
        public string Label { get; set; } = "";

        public required float[] Maps { get; init; }

        public required float[] Features { get; init; }
    }

    private sealed class FlatRow
    {
        [VectorType(12)]
        public float[] GroundingMaps { get; set; } = [];

        [VectorType(6 * Length)]
        public float[] PatchFeatures { get; set; } = [];
    }
}
