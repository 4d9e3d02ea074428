using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Heads;

namespace MLNetGrounding.Heads;

[TestClass]
public sealed class HeadSelectorTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        var options = new HeadSelectorOptions();
        Assert.AreEqual("FineAttention", options.FineAttentionColumnName);
        Assert.IsNull(options.CoarseAttentionColumnName);
        Assert.AreEqual("LayerMaps", options.LayerMapsColumnName);
        Assert.AreEqual("KeptHeads", options.KeptHeadsColumnName);
        Assert.IsNull(options.EntropyColumnName);
        Assert.IsNull(options.CompactnessColumnName);
        Assert.AreEqual("CoarseLayerMaps", options.CoarseLayerMapsColumnName);
        Assert.IsNull(options.HeadSelection);
        Assert.IsNull(options.CoarseHeadSelection);
        Assert.IsNull(options.AttentionDimensions);
        Assert.IsNull(options.QueryNames);
    }

    [TestMethod]
    public void EveryOutputIsWhatTheMathsGivesLayerByLayer()
    {
        var rows = new AttentionRows(3);
        IDataView data = ML
            .Transforms.SelectHeads(
                new HeadSelectorOptions
                {
                    EntropyColumnName = "Entropy",
                    CompactnessColumnName = "Compactness",
                    CoarseAttentionColumnName = "CoarseAttention",
                    CoarseHeadSelection = new HeadSelectionOptions { HeadAggregation = HeadAggregation.Mean },
                }
            )
            .Fit(rows.View)
            .Transform(rows.View);
        (float[][] maps, float[][] kept) = (data.Vectors("LayerMaps"), data.Vectors("KeptHeads"));
        (float[][] entropy, float[][] compactness, float[][] coarse) = (
            data.Vectors("Entropy"),
            data.Vectors("Compactness"),
            data.Vectors("CoarseLayerMaps")
        );
        int perLayer = AttentionRows.Heads * AttentionRows.Cells;
        for (int row = 0; row < 3; row++)
        {
            for (int queryLayer = 0; queryLayer < AttentionRows.Queries.Length * AttentionRows.Layers; queryLayer++)
            {
                var expected = Selection.Of(
                    rows.Rows[row].FineAttention.AsSpan(queryLayer * perLayer, perLayer),
                    new HeadSelectionOptions()
                );
                CollectionAssert.AreEqual(expected.Map, maps[row].Chunk(AttentionRows.Cells).ElementAt(queryLayer));
                CollectionAssert.AreEqual(expected.Kept, kept[row].Chunk(AttentionRows.Heads).ElementAt(queryLayer));
                CollectionAssert.AreEqual(expected.Entropy, entropy[row].Chunk(AttentionRows.Heads).ElementAt(queryLayer));
                CollectionAssert.AreEqual(expected.Compactness, compactness[row].Chunk(AttentionRows.Heads).ElementAt(queryLayer));
            }

            for (int layer = 0; layer < AttentionRows.Layers; layer++)
            {
                var options = new HeadSelectionOptions { HeadAggregation = HeadAggregation.Mean };
                var expected = Selection.Of(rows.Rows[row].CoarseAttention.AsSpan(layer * perLayer, perLayer), options);
                CollectionAssert.AreEqual(expected.Map, coarse[row].Chunk(AttentionRows.Cells).ElementAt(layer));
            }
        }

        Assert.IsTrue(kept.SelectMany(each => each).Distinct().Count() == 2, "the rows hold kept and dropped heads");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(-0.1f)]
    public void AQueryThatHoldsNoAttentionIsMarkedAndCostsNoOther(float poison)
    {
        var rows = new AttentionRows(3);
        int perQuery = AttentionRows.Layers * AttentionRows.Cells;
        float[][] expected = ML.Transforms.SelectHeads().Fit(rows.View).Transform(rows.View).Vectors("LayerMaps");
        rows.Rows[1].FineAttention[5] = poison;
        float[][] actual = ML.Transforms.SelectHeads().Fit(rows.View).Transform(rows.View).Vectors("LayerMaps");
        Assert.IsTrue(actual[1].Take(perQuery).All(float.IsNaN), "the first query of row 1");
        CollectionAssert.AreEqual(expected[1][perQuery..], actual[1][perQuery..]);
        CollectionAssert.AreEqual(expected[0], actual[0]);
        CollectionAssert.AreEqual(expected[2], actual[2]);
        StringAssert.Contains(_log.Warnings[0], "row 1: 'FineAttention'");
        StringAssert.Contains(_log.Warnings[^1], "1 row(s)");
    }

    [TestMethod]
    public void ARowMarkedByTheStepBeforeStaysMarkedWithoutAnotherMessage()
    {
        var rows = new AttentionRows(2);
        rows.Rows[0].FineAttention.AsSpan().Fill(float.NaN);
        IDataView data = ML
            .Transforms.SelectHeads()
            .Append(ML.Transforms.MaskByRollout())
            .Append(ML.Transforms.EvaluateMpir())
            .Fit(rows.View)
            .Transform(rows.View);
        Assert.IsTrue(data.Vectors("Mpir")[0].All(float.IsNaN));
        Assert.IsTrue(data.Vectors("KeptHeads")[0].All(float.IsNaN));
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void FlatVectorsWorkWithStatedDimensionsAndNames()
    {
        var rows = new AttentionRows(2);
        IDataView flat = ML.Data.LoadFromEnumerable(rows.Rows.Select(row => new FlatRow { Attention = row.FineAttention }));
        HeadSelectorEstimator estimator = ML.Transforms.SelectHeads(
            new HeadSelectorOptions
            {
                FineAttentionColumnName = "Attention",
                AttentionDimensions = [2, 3, 4, 4, 4],
                QueryNames = ["a", "b"],
            }
        );
        IDataView data = estimator.Fit(flat).Transform(flat);
        Columns.AssertSame(ML.Transforms.SelectHeads().Fit(rows.View).Transform(rows.View).Vectors("LayerMaps"), data.Vectors("LayerMaps"));
        CollectionAssert.AreEqual(new[] { "a", "b" }, data.Schema["LayerMaps"].GetQueryNames().ToArray());
    }

    [TestMethod]
    public void StatedDimensionsThatDoNotFitAreRefused()
    {
        var rows = new AttentionRows(1);
        IDataView flat = ML.Data.LoadFromEnumerable(rows.Rows.Select(row => new FlatRow { Attention = row.FineAttention }));
        var options = new HeadSelectorOptions { FineAttentionColumnName = "Attention", AttentionDimensions = [2, 3, 4, 4, 5] };
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.SelectHeads(options).Fit(flat)
        );
        StringAssert.Contains(error.Message, "does not fit AttentionDimensions [2, 3, 4, 4, 5]");
        options.AttentionDimensions = [2, 3];
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Transforms.SelectHeads(options).Fit(flat));
        StringAssert.Contains(error.Message, "5 positive numbers");
        options.AttentionDimensions = null;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Transforms.SelectHeads(options).Fit(flat));
    }

    [TestMethod]
    public void NamesOfAnotherNumberThanQueriesAreRefused()
    {
        var rows = new AttentionRows(1);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = ["one"] }).Fit(rows.View)
        );
        StringAssert.Contains(error.Message, "has 2 queries, but 1 query names");
    }

    [TestMethod]
    public void SettingsOutOfRangeAreRefusedAtOnceAndLaterChangesDoNotCount()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.SelectHeads(headSelection: new HeadSelectionOptions { EntropyThreshold = 2 })
        );
        var rows = new AttentionRows(1);
        var options = new HeadSelectorOptions();
        HeadSelectorEstimator estimator = ML.Transforms.SelectHeads(options);
        options.LayerMapsColumnName = "Changed";
        Assert.IsNull(estimator.Fit(rows.View).GetOutputSchema(rows.View.Schema).GetColumnOrNull("Changed"));
    }

    private sealed class FlatRow
    {
        [VectorType(2 * 3 * 4 * 4 * 4)]
        public float[] Attention { get; set; } = [];
    }

    private sealed record Selection(float[] Map, float[] Kept, float[] Entropy, float[] Compactness)
    {
        public static Selection Of(ReadOnlySpan<float> maps, HeadSelectionOptions options)
        {
            float[] map = new float[AttentionRows.Cells];
            bool[] kept = new bool[AttentionRows.Heads];
            double[] entropy = new double[AttentionRows.Heads];
            double[] compactness = new double[AttentionRows.Heads];
            HeadSelection.Select(
                maps,
                AttentionRows.Heads,
                AttentionRows.Grid,
                AttentionRows.Grid,
                options,
                map,
                kept,
                entropy,
                compactness
            );
            return new Selection(
                map,
                [.. kept.Select(each => each ? 1f : 0f)],
                [.. entropy.Select(each => (float)each)],
                [.. compactness.Select(each => (float)each)]
            );
        }
    }
}
