using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Aggregation;
using MLNetGrounding.Maths.Rollout;

namespace MLNetGrounding.Rollout;

[TestClass]
public sealed class RolloutMaskerTests
{
    private static readonly string[] Names = ["beak", "eye"];

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        var options = new RolloutMaskerOptions();
        Assert.AreEqual("LayerMaps", options.LayerMapsColumnName);
        Assert.AreEqual("CoarseFlow", options.CoarseFlowColumnName);
        Assert.AreEqual("FlowRowSums", options.FlowRowSumsColumnName);
        Assert.AreEqual("CoarseLayerMaps", options.CoarseLayerMapsColumnName);
        Assert.AreEqual("CoarseMask", options.CoarseMaskColumnName);
        Assert.AreEqual("GroundingMaps", options.GroundingMapsColumnName);
        Assert.IsNull(options.MaskInputColumnName);
        Assert.IsFalse(options.UniformMask);
        Assert.AreEqual(new RolloutOptions(), options.Rollout);
        Assert.AreEqual(new AggregationOptions(), options.Aggregation);
        Assert.IsNull(options.ExpectedFlow);
        Assert.IsFalse(options.AllowFlowMismatch);
        Assert.IsNull(options.CoarsePositions);
        Assert.IsNull(options.LayerMapDimensions);
        Assert.IsNull(options.QueryNames);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void MaskAndMapsAreWhatTheMathsGives(bool rowNormalized)
    {
        var rows = new AttentionRows(3);
        var rollout = new RolloutOptions { RowNormalized = rowNormalized };
        IDataView data = Mask(rows.View, new RolloutMaskerOptions { Rollout = rollout });
        (float[][] layerMaps, float[][] masks, float[][] maps) = (
            data.Vectors("LayerMaps"),
            data.Vectors("CoarseMask"),
            data.Vectors("GroundingMaps")
        );
        for (int row = 0; row < 3; row++)
        {
            AttentionRow source = rows.Rows[row];
            float[] mask = new float[AttentionRows.Cells];
            CoarseRollout.TokenMask(
                source.CoarseFlow,
                source.FlowRowSums,
                AttentionRows.Layers,
                AttentionRows.Tokens,
                [AttentionRows.Tokens - 1],
                rollout,
                mask
            );
            CollectionAssert.AreEqual(mask, masks[row]);
            Assert.AreEqual(1, mask.Max());
            for (int query = 0; query < Names.Length; query++)
            {
                float[] map = new float[AttentionRows.Cells];
                float[] ofQuery = layerMaps[row].Chunk(AttentionRows.Layers * AttentionRows.Cells).ElementAt(query);
                HierarchicalAggregation.Aggregate(ofQuery, mask, AttentionRows.Layers, new AggregationOptions(), map);
                CollectionAssert.AreEqual(map, maps[row].Chunk(AttentionRows.Cells).ElementAt(query));
            }
        }
    }

    [TestMethod]
    public void AMaskKeptFromBeforeGivesTheSameMaps()
    {
        var rows = new AttentionRows(3);
        IDataView data = Mask(rows.View, new RolloutMaskerOptions());
        IDataView again = ML
            .Transforms.MaskByRollout(
                new RolloutMaskerOptions
                {
                    MaskInputColumnName = "CoarseMask",
                    CoarseMaskColumnName = "MaskAgain",
                    GroundingMapsColumnName = "MapsAgain",
                }
            )
            .Fit(data)
            .Transform(data);
        Columns.AssertSame(data.Vectors("GroundingMaps"), again.Vectors("MapsAgain"));
        Columns.AssertSame(data.Vectors("CoarseMask"), again.Vectors("MaskAgain"));
    }

    [TestMethod]
    public void WithoutAMaskNoFlowIsNeededAndTheMaskIsOne()
    {
        var rows = new AttentionRows(2);
        IDataView without = ML.Transforms.DropColumns("CoarseFlow", "FlowRowSums").Fit(rows.View).Transform(rows.View);
        IDataView data = Mask(without, new RolloutMaskerOptions { UniformMask = true });
        Assert.IsTrue(data.Vectors("CoarseMask").All(mask => mask.All(cell => cell == 1)));
        Assert.IsFalse(data.Vectors("GroundingMaps").Any(maps => maps.Any(float.IsNaN)));
        Assert.ThrowsExactly<ArgumentException>(() =>
            ML.Transforms.MaskByRollout(new RolloutMaskerOptions { UniformMask = true, MaskInputColumnName = "M" })
        );
    }

    [TestMethod]
    [DataRow(RolloutForm.SpatialProduct)]
    [DataRow(RolloutForm.SpatialElementwise)]
    public void SpatialFormsUseTheCoarseLayerMaps(RolloutForm form)
    {
        var rows = new AttentionRows(2);
        IDataView selected = ML
            .Transforms.SelectHeads(new HeadSelectorOptions { CoarseAttentionColumnName = "CoarseAttention" })
            .Fit(rows.View)
            .Transform(rows.View);
        var rollout = new RolloutOptions { Form = form };
        IDataView data = ML.Transforms.MaskByRollout(rollout: rollout).Fit(selected).Transform(selected);
        float[][] masks = data.Vectors("CoarseMask");
        float[][] coarse = selected.Vectors("CoarseLayerMaps");
        for (int row = 0; row < 2; row++)
        {
            float[] mask = new float[AttentionRows.Cells];
            CoarseRollout.SpatialMask(coarse[row], AttentionRows.Layers, AttentionRows.Grid, AttentionRows.Grid, rollout, mask);
            CollectionAssert.AreEqual(mask, masks[row]);
        }

        Assert.AreEqual(0, rows.Reads("CoarseFlow"));
        ArgumentOutOfRangeException missing = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Mask(rows.View, new RolloutMaskerOptions { Rollout = rollout })
        );
        StringAssert.Contains(missing.Message, "'CoarseLayerMaps'");
    }

    [TestMethod]
    public void AFlowBuiltOtherwiseThanStatedIsRefusedUnlessAllowed()
    {
        var rows = new AttentionRows(1);
        var built = new CoarseFlowOptions
        {
            Heads = FlowHeads.AllMean,
            HeadSelection = new HeadSelectionOptions { EntropyThreshold = 0.7 },
        };
        IDataView view = rows.WithFlow(builder => FlowAnnotation.Add(builder, built, [17], AttentionRows.Layout));
        Mask(view, new RolloutMaskerOptions());
        Mask(view, new RolloutMaskerOptions { ExpectedFlow = built with { HeadSelection = built.HeadSelection with { } } });
        var options = new RolloutMaskerOptions { ExpectedFlow = new CoarseFlowOptions { Heads = FlowHeads.AllMean } };
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Mask(view, options));
        StringAssert.Contains(error.Message, "\"EntropyThreshold\":0.7");
        StringAssert.Contains(error.Message, "AllowFlowMismatch");
        options.AllowFlowMismatch = true;
        Mask(view, options);
    }

    [TestMethod]
    public void PositionsComeFromTheAnnotationAndAContradictionIsRefused()
    {
        var rows = new AttentionRows(1);
        IDataView view = rows.WithFlow(builder => FlowAnnotation.Add(builder, new CoarseFlowOptions(), [16, 17], AttentionRows.Layout));
        float[] expected = new float[AttentionRows.Cells];
        CoarseRollout.TokenMask(
            rows.Rows[0].CoarseFlow,
            [],
            AttentionRows.Layers,
            AttentionRows.Tokens,
            [16, 17],
            new RolloutOptions(),
            expected
        );
        CollectionAssert.AreEqual(expected, Mask(view, new RolloutMaskerOptions()).Vectors("CoarseMask")[0]);
        CollectionAssert.AreEqual(
            expected,
            Mask(rows.View, new RolloutMaskerOptions { CoarsePositions = [16, 17] }).Vectors("CoarseMask")[0]
        );
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Mask(view, new RolloutMaskerOptions { CoarsePositions = [17] })
        );
        StringAssert.Contains(error.Message, "[16, 17]");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Mask(rows.View, new RolloutMaskerOptions { CoarsePositions = [18] })
        );
        StringAssert.Contains(error.Message, "from 0 to 17");
    }

    [TestMethod]
    public void FlatVectorsWorkWithTheLayerMapsDimensionsStated()
    {
        var rows = new AttentionRows(2);
        IDataView data = Mask(rows.View, new RolloutMaskerOptions { Rollout = new RolloutOptions { RowNormalized = true } });
        float[][] layerMaps = data.Vectors("LayerMaps");
        IDataView flat = ML.Data.LoadFromEnumerable(
            rows.Rows.Select(
                (row, index) =>
                    new FlatRow
                    {
                        LayerMaps = layerMaps[index],
                        CoarseFlow = row.CoarseFlow,
                        FlowRowSums = row.FlowRowSums,
                    }
            )
        );
        IDataView masked = ML
            .Transforms.MaskByRollout(
                new RolloutMaskerOptions
                {
                    LayerMapDimensions = [2, 3, 4, 4],
                    QueryNames = Names,
                    Rollout = new RolloutOptions { RowNormalized = true },
                }
            )
            .Fit(flat)
            .Transform(flat);
        Columns.AssertSame(data.Vectors("GroundingMaps"), masked.Vectors("GroundingMaps"));
        CollectionAssert.AreEqual(new[] { 2, 4, 4 }, masked.Schema.Dimensions("GroundingMaps"));
    }

    [TestMethod]
    public void AFlowOfOtherDimensionsIsRefused()
    {
        var rows = new AttentionRows(1);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Mask(rows.View, new RolloutMaskerOptions { CoarseFlowColumnName = "CoarseAttention" })
        );
        StringAssert.Contains(error.Message, "[layers, tokens, tokens]");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Mask(rows.View, new RolloutMaskerOptions { Aggregation = new AggregationOptions { FirstLayer = 3 } })
        );
        StringAssert.Contains(error.Message, "FirstLayer is 3");
    }

    [TestMethod]
    public void APoisonedFlowMarksItsRowOnly()
    {
        var rows = new AttentionRows(3);
        float[][] expected = Mask(rows.View, new RolloutMaskerOptions()).Vectors("GroundingMaps");
        rows.Rows[1].CoarseFlow[7] = float.NaN;
        IDataView data = Mask(rows.View, new RolloutMaskerOptions());
        float[][] actual = data.Vectors("GroundingMaps");
        Assert.IsTrue(actual[1].All(float.IsNaN));
        CollectionAssert.AreEqual(expected[0], actual[0]);
        CollectionAssert.AreEqual(expected[2], actual[2]);
        StringAssert.Contains(_log.Warnings[0], "'CoarseFlow'");
        Assert.IsTrue(data.Vectors("CoarseMask")[1].All(float.IsNaN));
    }

    [TestMethod]
    public void NegativeRowSumsMarkTheirRowOnly()
    {
        var rows = new AttentionRows(3);
        var options = new RolloutMaskerOptions { Rollout = new RolloutOptions { RowNormalized = true } };
        float[][] expected = Mask(rows.View, options).Vectors("GroundingMaps");
        rows.Rows[1].FlowRowSums[4] = -2;
        IDataView data = Mask(rows.View, options);
        float[][] actual = data.Vectors("GroundingMaps");
        Assert.IsTrue(actual[1].All(float.IsNaN));
        Assert.IsTrue(data.Vectors("CoarseMask")[1].All(float.IsNaN));
        CollectionAssert.AreEqual(expected[0], actual[0]);
        CollectionAssert.AreEqual(expected[2], actual[2]);
        StringAssert.Contains(_log.Warnings[0], "token 4 is -2");
    }

    private IDataView Mask(IDataView view, RolloutMaskerOptions options) =>
        ML.Transforms.SelectHeads().Append(ML.Transforms.MaskByRollout(options)).Fit(view).Transform(view);

    private sealed class FlatRow
    {
        [VectorType(2 * 3 * 4 * 4)]
        public float[] LayerMaps { get; set; } = [];

        [VectorType(AttentionRows.Layers * AttentionRows.Tokens * AttentionRows.Tokens)]
        public float[] CoarseFlow { get; set; } = [];

        [VectorType(AttentionRows.Layers * AttentionRows.Tokens)]
        public float[] FlowRowSums { get; set; } = [];
    }
}
