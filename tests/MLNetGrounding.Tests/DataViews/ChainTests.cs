using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>The components as ML.NET uses them: in chains, under its own steps, in prediction engines.</summary>
[TestClass]
public sealed class ChainTests
{
    private static readonly string[] Outputs = ["LayerMaps", "KeptHeads", "CoarseMask", "GroundingMaps", "Hit", "Area", "Mpir"];

    private readonly MLContext _ml = new(seed: 1);

    private EstimatorChain<MpirEvaluatorTransformer> Chain() =>
        _ml.Transforms.SelectHeads().Append(_ml.Transforms.MaskByRollout()).Append(_ml.Transforms.EvaluateMpir());

    [TestMethod]
    public void DimensionsAndQueryNamesAreInTheSchema()
    {
        var rows = new AttentionRows(1);
        DataViewSchema schema = Chain().Fit(rows.View).Transform(rows.View).Schema;
        CollectionAssert.AreEqual(new[] { 2, 3, 4, 4 }, schema.Dimensions("LayerMaps"));
        CollectionAssert.AreEqual(new[] { 2, 3, 4 }, schema.Dimensions("KeptHeads"));
        CollectionAssert.AreEqual(new[] { 4, 4 }, schema.Dimensions("CoarseMask"));
        CollectionAssert.AreEqual(new[] { 2, 4, 4 }, schema.Dimensions("GroundingMaps"));
        foreach (string name in Outputs.Except(["CoarseMask"]))
        {
            CollectionAssert.AreEqual(AttentionRows.Queries, schema[name].GetQueryNames().ToArray(), name);
        }

        Assert.IsEmpty(schema["CoarseMask"].GetQueryNames());
        VBuffer<ReadOnlyMemory<char>> slots = default;
        schema["KeptHeads"].GetSlotNames(ref slots);
        Assert.AreEqual("beak, layer 1, head 2", slots.GetItemOrDefault(6).ToString());
    }

    [TestMethod]
    public void NothingIsReadUntilItIsAskedForAndThenOnce()
    {
        var rows = new AttentionRows(5);
        IDataView data = Chain().Fit(rows.View).Transform(rows.View);
        Assert.AreEqual(5, data.GetRowCount());
        Assert.HasCount(5, data.GetColumn<int>("Id").ToArray());
        string[] vectors = ["FineAttention", "CoarseAttention", "CoarseFlow", "FlowRowSums", "Geometry", "KeyPoints", "KeyPointVisible"];
        foreach (string vector in vectors)
        {
            Assert.AreEqual(0, rows.Reads(vector), vector);
        }

        _ = data.Vectors("CoarseMask");
        Assert.AreEqual(0, rows.Reads("FineAttention"), "the mask needs no fine attention");
        Assert.AreEqual(5, rows.Reads("CoarseFlow"));

        ReadAll(data, "LayerMaps", "KeptHeads", "GroundingMaps", "Mpir", "Hit");
        Assert.AreEqual(5, rows.Reads("FineAttention"), "one reading serves all outputs of a row");
        Assert.AreEqual(10, rows.Reads("CoarseFlow"));
        Assert.AreEqual(0, rows.Reads("FlowRowSums"), "row sums serve the row-normalized rollout only");
        Assert.AreEqual(0, rows.Reads("CoarseAttention"));
    }

    [TestMethod]
    public void AColumnThatIsActiveButNeverReadCostsNothing()
    {
        var rows = new AttentionRows(3);
        IDataView data = Chain().Fit(rows.View).Transform(rows.View);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        while (cursor.MoveNext()) { }

        Assert.AreEqual(0, rows.Reads("FineAttention"));
    }

    [TestMethod]
    public void CacheShuffleAndRowFiltersChangeNoValue()
    {
        var rows = new AttentionRows(12);
        IDataView data = Chain().Fit(rows.View).Transform(rows.View);
        Dictionary<int, float[]> expected = ById(data);
        IDataView[] views =
        [
            _ml.Data.Cache(data),
            _ml.Data.ShuffleRows(data, seed: 3, shufflePoolSize: 4),
            _ml.Data.TakeRows(data, 5),
            _ml.Data.SkipRows(data, 7),
            _ml.Data.TrainTestSplit(data, 0.5).TestSet,
            Chain().Fit(rows.View).Transform(_ml.Data.ShuffleRows(rows.View, seed: 4)),
            _ml.Data.ShuffleRows(_ml.Data.Cache(data), seed: 5),
        ];
        foreach (IDataView view in views)
        {
            Dictionary<int, float[]> actual = ById(view);
            Assert.AreNotEqual(0, actual.Count);
            foreach ((int id, float[] maps) in actual)
            {
                CollectionAssert.AreEqual(expected[id], maps);
            }
        }
    }

    [TestMethod]
    public void CursorSetsSplitTheRows()
    {
        // A cache hands out its rows in blocks of 64.
        var rows = new AttentionRows(200);
        IDataView data = Chain().Fit(rows.View).Transform(_ml.Data.Cache(rows.View));
        Dictionary<int, float[]> expected = ById(data);
        DataViewRowCursor[] cursors = data.GetRowCursorSet([data.Schema["Id"], data.Schema["GroundingMaps"]], 4);
        using var first = new Barrier(cursors.Length);
        int yielding = 0;
        var actual = new Dictionary<int, float[]>();
        Task.WaitAll(
            Array.ConvertAll(
                cursors,
                cursor =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            List<(int Id, float[] Maps)> part = Read(
                                cursor,
                                afterFirstMove: () => first.SignalAndWait(TimeSpan.FromSeconds(10))
                            );
                            lock (actual)
                            {
                                yielding += part.Count > 0 ? 1 : 0;
                                part.ForEach(row => actual.Add(row.Id, row.Maps));
                            }
                        },
                        TaskCreationOptions.LongRunning
                    )
            )
        );
        Assert.AreEqual(4, yielding, "each cursor has some rows");
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
        foreach ((int id, float[] maps) in actual)
        {
            CollectionAssert.AreEqual(expected[id], maps);
        }
    }

    [TestMethod]
    public void APredictionEngineGivesWhatAViewGives()
    {
        var rows = new AttentionRows(4);
        EstimatorChain<MpirEvaluatorTransformer> chain = _ml
            .Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = AttentionRows.Queries })
            .Append(_ml.Transforms.MaskByRollout())
            .Append(_ml.Transforms.EvaluateMpir());
        TransformerChain<MpirEvaluatorTransformer> model = chain.Fit(rows.View);
        float[][] expected = model.Transform(rows.View).Vectors("GroundingMaps");
        using PredictionEngine<EngineInput, EngineOutput> engine = _ml.Model.CreatePredictionEngine<EngineInput, EngineOutput>(model);
        for (int row = 0; row < rows.Rows.Count; row++)
        {
            AttentionRow source = rows.Rows[row];
            EngineOutput output = engine.Predict(new EngineInput { FineAttention = source.FineAttention, CoarseFlow = source.CoarseFlow });
            CollectionAssert.AreEqual(expected[row], output.GroundingMaps);
        }
    }

    [TestMethod]
    public void PreviewAndCrossValidationSplitsWork()
    {
        var rows = new AttentionRows(6);
        IDataView data = Chain().Fit(rows.View).Transform(rows.View);
        DataDebuggerPreview preview = data.Preview(2);
        Assert.HasCount(2, preview.RowView);
        Assert.AreEqual(6, _ml.Data.CrossValidationSplit(data, 3).Sum(fold => fold.TestSet.GetColumn<int>("Id").Count()));
    }

    [TestMethod]
    [DataRow("FineAttention")]
    [DataRow("CoarseFlow")]
    [DataRow("KeyPoints")]
    [DataRow("Geometry")]
    public void AMissingColumnFailsBeforeFitAndIsNamed(string column)
    {
        IDataView data = _ml.Transforms.DropColumns(column).Fit(new AttentionRows(1).View).Transform(new AttentionRows(1).View);
        var early = new CountingEstimator();
        EstimatorChain<MpirEvaluatorTransformer> chain = new EstimatorChain<ITransformer>()
            .Append(early)
            .Append(_ml.Transforms.SelectHeads())
            .Append(_ml.Transforms.MaskByRollout())
            .Append(_ml.Transforms.EvaluateMpir());
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(data));
        StringAssert.Contains(error.Message, $"'{column}'");
        StringAssert.Contains(error.Message, $"{column}ColumnName");
        Assert.AreEqual(0, early.Fits, "nothing was fitted");
    }

    [TestMethod]
    public void AColumnOfAnotherTypeFailsBeforeFit()
    {
        var rows = new AttentionRows(1);
        var early = new CountingEstimator();
        EstimatorChain<HeadSelectorTransformer> chain = new EstimatorChain<ITransformer>()
            .Append(early)
            .Append(_ml.Transforms.SelectHeads(fineAttentionColumnName: "Id"));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(rows.View));
        StringAssert.Contains(
            error.Message,
            "input column 'Id' must be a vector of Single of known size with dimensions [queries, layers, heads, gridHeight, gridWidth], but is a Int32"
        );
        Assert.AreEqual(0, early.Fits);
    }

    [TestMethod]
    public void WrongDimensionsFailAtFit()
    {
        var rows = new AttentionRows(1);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.SelectHeads(fineAttentionColumnName: "CoarseAttention").Fit(rows.View)
        );
        StringAssert.Contains(error.Message, "[3, 4, 4, 4]");
        StringAssert.Contains(error.Message, "AttentionDimensions");
    }

    [TestMethod]
    public void ADisposedTransformerRefusesToTransform()
    {
        var rows = new AttentionRows(1);
        HeadSelectorTransformer transformer = _ml.Transforms.SelectHeads().Fit(rows.View);
        transformer.Dispose();
        transformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.Transform(rows.View));
    }

    [TestMethod]
    public void ColumnsMayBeRenamedAndInputsShadowed()
    {
        var rows = new AttentionRows(2);
        float[][] expected = _ml.Transforms.SelectHeads().Fit(rows.View).Transform(rows.View).Vectors("LayerMaps");
        IDataView shadowed = _ml.Transforms.SelectHeads(layerMapsColumnName: "FineAttention").Fit(rows.View).Transform(rows.View);
        Columns.AssertSame(expected, shadowed.Vectors("FineAttention"));
    }

    private static Dictionary<int, float[]> ById(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Id"], data.Schema["GroundingMaps"]]);
        return Read(cursor).ToDictionary(row => row.Id, row => row.Maps);
    }

    private static List<(int Id, float[] Maps)> Read(DataViewRowCursor cursor, Action? afterFirstMove = null)
    {
        ValueGetter<int> getId = cursor.GetGetter<int>(cursor.Schema["Id"]);
        ValueGetter<VBuffer<float>> getMaps = cursor.GetGetter<VBuffer<float>>(cursor.Schema["GroundingMaps"]);
        var rows = new List<(int, float[])>();
        VBuffer<float> maps = default;
        int id = 0;
        while (cursor.MoveNext())
        {
            afterFirstMove?.Invoke();
            afterFirstMove = null;
            getId(ref id);
            getMaps(ref maps);
            rows.Add((id, maps.DenseValues().ToArray()));
        }

        return rows;
    }

    private static void ReadAll(IDataView data, params string[] names)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(names.Select(name => data.Schema[name]));
        ValueGetter<VBuffer<float>>[] getters = [.. names.Select(name => cursor.GetGetter<VBuffer<float>>(data.Schema[name]))];
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            foreach (ValueGetter<VBuffer<float>> getter in getters)
            {
                getter(ref buffer);
            }
        }
    }

    private sealed class CountingEstimator : IEstimator<ITransformer>
    {
        public int Fits { get; private set; }

        public ITransformer Fit(IDataView input)
        {
            Fits++;
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class EngineInput
    {
        [VectorType(2, 3, 4, 4, 4)]
        public float[] FineAttention { get; set; } = [];

        [VectorType(3, AttentionRows.Tokens, AttentionRows.Tokens)]
        public float[] CoarseFlow { get; set; } = [];

        [VectorType(15, 2)]
        public float[] KeyPoints { get; set; } = new float[30];

        [VectorType(15)]
        public float[] KeyPointVisible { get; set; } = new float[15];

        [VectorType(ImageGeometry.Length)]
        public float[] Geometry { get; set; } = new float[ImageGeometry.Length];
    }

    private sealed class EngineOutput
    {
        public float[] GroundingMaps { get; set; } = [];
    }
}
