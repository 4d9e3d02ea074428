using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Testing;

namespace MLNetGrounding.DataViews;

/// <summary>
/// ML.NET's operations over a chain that reads ahead give every row the values that it has in a plain reading from the first row to the
/// last.
/// </summary>
[TestClass]
public sealed class OperationTests
{
    private const int Count = 12;
    private static readonly Lazy<Pictures> Shared = new(() => new Pictures(Count));
    private static readonly Lazy<Dictionary<int, Row>> Plain = new(() =>
        Read(TinyExtraction.Ground(new MLContext(), Shared.Value.View, readAhead: 0))
    );

    private readonly MLContext _ml = new(seed: 1);

    private static IDataView Images => Shared.Value.View;

    private IDataView Grounded => TinyExtraction.Ground(_ml, Images, readAhead: 2);

    [TestMethod]
    public void CachingChangesNoValue() => AssertSame(_ml.Data.Cache(Grounded, "Id", "GroundingMaps"), Count);

    [TestMethod]
    public void CachingAllColumnsChangesNoValue() => AssertSame(_ml.Data.Cache(Grounded), Count);

    [TestMethod]
    public void ACacheCheckpointSparesTheModel()
    {
        var observer = new HeldObserver();
        EstimatorChain<NormalizingTransformer> chain = _ml
            .Transforms.ExtractAttention(TinyExtraction.Options(2, observer))
            .Append(_ml.Transforms.SelectHeads())
            .Append(_ml.Transforms.MaskByRollout())
            .Append(_ml.Transforms.DropColumns("Image"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.NormalizeMinMax("Scaled", "GroundingMaps"))
            .Append(_ml.Transforms.NormalizeMeanVariance("Normalized", "GroundingMaps"));
        AssertSame(chain.Fit(Images).Transform(Images), Count);
        Assert.AreEqual(2 * Count, observer.Pictures, "once for both fits, once for the reading");
    }

    [TestMethod]
    public void ShufflingRowsChangesNoValue() => AssertSame(_ml.Data.ShuffleRows(Grounded, seed: 5, shufflePoolSize: 4), Count);

    [TestMethod]
    public void ShuffledFilesKeepTheirValues()
    {
        string[] images = [GoldenData.TinyA.Image("img0_pad"), GoldenData.TinyA.Image("img1_pad")];
        IDataView cached = _ml.Data.Cache(
            _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(row => new PathRow { Id = row, ImagePath = images[row % 2] }))
        );
        float[][] expected = TinyExtraction.Ground(_ml, _ml.Data.TakeRows(Load(cached), 2), readAhead: 0).Vectors("GroundingMaps");
        Row[] rows = [.. Read(TinyExtraction.Ground(_ml, Load(_ml.Data.ShuffleRows(cached, seed: 6)), readAhead: 2)).Values];
        CollectionAssert.AreNotEqual(Enumerable.Range(0, Count).ToArray(), rows.Select(row => row.Id).ToArray());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, Count).ToArray(), rows.Select(row => row.Id).ToArray());
        foreach (Row row in rows)
        {
            CollectionAssert.AreEqual(expected[row.Id % 2], row.Maps);
        }

        IDataView Load(IDataView paths) => _ml.Transforms.LoadGroundingImages().Fit(paths).Transform(paths);
    }

    [TestMethod]
    public void TakingRowsChangesNoValue() => AssertSame(_ml.Data.TakeRows(Grounded, 5), 5);

    [TestMethod]
    public void SkippingRowsChangesNoValue() => AssertSame(_ml.Data.SkipRows(Grounded, 5), Count - 5);

    [TestMethod]
    public void FilteringRowsChangesNoValue() => AssertSame(_ml.Data.FilterRowsByColumn(WithNumber(_ml, Grounded), "Number", 3, 9), 6);

    [TestMethod]
    public void FilteringMissingValuesKeepsWhatWasComputed() =>
        AssertSame(_ml.Data.FilterRowsByMissingValues(Grounded, "GroundingMaps"), Count);

    [TestMethod]
    public void ATrainTestSplitChangesNoValue()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(Grounded, 0.4);
        int train = AssertSame(split.TrainSet);
        int test = AssertSame(split.TestSet);
        Assert.AreEqual(Count, train + test);
    }

    [TestMethod]
    public void CrossValidationSplitsHoldEachRowOnce() =>
        Assert.AreEqual(Count, _ml.Data.CrossValidationSplit(Grounded, 3).Sum(fold => AssertSame(fold.TestSet)));

    [TestMethod]
    public void AStockTrainerIsCrossValidatedOnGroundingMaps()
    {
        var options = new SdcaRegressionTrainer.Options
        {
            LabelColumnName = "Number",
            FeatureColumnName = "GroundingMaps",
            NumberOfThreads = 1,
            MaximumNumberOfIterations = 1,
        };
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<RegressionMetrics>> ahead = _ml.Regression.CrossValidate(
            WithNumber(_ml, Grounded),
            _ml.Regression.Trainers.Sdca(options),
            2,
            "Number"
        );
        var plainContext = new MLContext(seed: 1);
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<RegressionMetrics>> plain = plainContext.Regression.CrossValidate(
            WithNumber(plainContext, TinyExtraction.Ground(plainContext, Images, readAhead: 0)),
            plainContext.Regression.Trainers.Sdca(options),
            2,
            "Number"
        );
        Assert.HasCount(2, ahead);
        foreach (
            (
                TrainCatalogBase.CrossValidationResult<RegressionMetrics>? one,
                TrainCatalogBase.CrossValidationResult<RegressionMetrics>? other
            ) in ahead.Zip(plain)
        )
        {
            Assert.AreEqual(other.Metrics.MeanSquaredError, one.Metrics.MeanSquaredError);
            AssertSame(one.ScoredHoldOutSet);
        }

        Assert.AreEqual(Count, ahead.Sum(fold => fold.ScoredHoldOutSet.GetColumn<int>("Id").Count()));
    }

    [TestMethod]
    public void APreviewShowsTheValues()
    {
        DataDebuggerPreview preview = Grounded.Preview(3);
        Assert.HasCount(3, preview.RowView);
        foreach (DataDebuggerPreview.RowInfo row in preview.RowView)
        {
            Dictionary<string, object> values = row.Values.ToDictionary(value => value.Key, value => value.Value);
            CollectionAssert.AreEqual(
                Plain.Value[(int)values["Id"]].Maps,
                ((VBuffer<float>)values["GroundingMaps"]).DenseValues().ToArray()
            );
        }
    }

    [TestMethod]
    public void RowsSavedAsBinaryComeBackWithTheirNames()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "grounded.idv");
        using (FileStream file = File.Create(path))
        {
            _ml.Data.SaveAsBinary(_ml.Transforms.DropColumns("Image").Fit(Grounded).Transform(Grounded), file);
        }

        IDataView loaded = _ml.Data.LoadFromBinary(path);
        AssertSame(loaded, Count);
        CollectionAssert.AreEqual(
            new[] { TinyExtraction.QueryNames.Length, TinyExtraction.Grid, TinyExtraction.Grid },
            loaded.Schema.Dimensions("GroundingMaps")
        );
        CollectionAssert.AreEqual(TinyExtraction.QueryNames, loaded.Schema["GroundingMaps"].GetQueryNames().ToArray());
    }

    [TestMethod]
    public void CursorSetsSplitTheRows()
    {
        // A cached view hands out blocks of 64 rows.
        const int rows = 150;
        string[] images = [GoldenData.TinyA.Image("img0_pad"), GoldenData.TinyA.Image("img1_pad")];
        IDataView paths = _ml.Data.Cache(
            _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(row => new PathRow { Id = row, ImagePath = images[row % 2] }))
        );
        IDataView loaded = _ml.Transforms.LoadGroundingImages().Fit(paths).Transform(paths);
        float[][] expected = TinyExtraction.Ground(_ml, _ml.Data.TakeRows(loaded, 2), readAhead: 0).Vectors("GroundingMaps");
        IDataView data = TinyExtraction.Ground(_ml, loaded, readAhead: 2);
        DataViewRowCursor[] cursors = data.GetRowCursorSet([data.Schema["Id"], data.Schema["GroundingMaps"]], 3);
        Assert.HasCount(3, cursors);
        var parts = new List<Row>[cursors.Length];
        Parallel.For(
            0,
            cursors.Length,
            part =>
            {
                using DataViewRowCursor cursor = cursors[part];
                parts[part] = Read(cursor);
            }
        );
        Assert.IsGreaterThan(1, parts.Count(part => part.Count > 0), "more than one cursor had rows");
        Row[] all = [.. parts.SelectMany(part => part).OrderBy(row => row.Id)];
        CollectionAssert.AreEqual(Enumerable.Range(0, rows).ToArray(), all.Select(row => row.Id).ToArray());
        foreach (Row row in all)
        {
            CollectionAssert.AreEqual(expected[row.Id % 2], row.Maps);
        }
    }

    [TestMethod]
    public void SeveralCursorsAtOnceShareOneModelAndGiveTheSame()
    {
        using var pictures = new Pictures(Count) { AllowsSeveralThreads = true };
        IDataView data = TinyExtraction.Ground(_ml, pictures.View, readAhead: 2);
        Parallel.For(0, 4, _ => AssertSame(data, Count));
    }

    private static IDataView WithNumber(MLContext context, IDataView data) =>
        context.Transforms.Conversion.ConvertType("Number", "Id", DataKind.Single).Fit(data).Transform(data);

    private static void AssertSame(IDataView data, int count)
    {
        Assert.AreEqual(count, AssertSame(data));
    }

    private static int AssertSame(IDataView data) => AssertSame([.. Read(data).Values]);

    private static int AssertSame(List<Row> rows)
    {
        Assert.AreNotEqual(0, rows.Count);
        foreach (Row row in rows)
        {
            CollectionAssert.AreEqual(Plain.Value[row.Id].Maps, row.Maps, $"row {row.Id}");
        }

        return rows.Count;
    }

    private static Dictionary<int, Row> Read(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Id"], data.Schema["GroundingMaps"]]);
        return Read(cursor).ToDictionary(row => row.Id);
    }

    private static List<Row> Read(DataViewRowCursor cursor)
    {
        ValueGetter<int> getId = cursor.GetGetter<int>(cursor.Schema["Id"]);
        ValueGetter<VBuffer<float>> getMaps = cursor.GetGetter<VBuffer<float>>(cursor.Schema["GroundingMaps"]);
        var rows = new List<Row>();
        (int id, VBuffer<float> maps) = (0, default);
        while (cursor.MoveNext())
        {
            getMaps(ref maps);
            getId(ref id);
            rows.Add(new Row(id, [.. maps.DenseValues()]));
        }

        return rows;
    }

    private sealed class PathRow
    {
        public int Id { get; set; }

        public string ImagePath { get; set; } = "";
    }

    private sealed record Row(int Id, float[] Maps);
}
