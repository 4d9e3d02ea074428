using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data.Cub;

/// <summary>The row class, as a user of ML.NET takes it.</summary>
[TestClass]
public sealed class CubRowTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void RowsAreReadAndMadeIntoAViewOfTheSameColumns()
    {
        using var folder = new TemporaryFolder();
        IDataView birds = Birds(folder, 3);
        CubRow[] rows = [.. _ml.Data.CreateEnumerable<CubRow>(birds, reuseRowObject: false, ignoreMissingColumns: true)];
        Assert.HasCount(3, rows);
        Columns.AssertSame(birds.Vectors("KeyPoints"), [.. rows.Select(row => row.KeyPoints)]);
        Columns.AssertSame(birds.Vectors("BoundingBox"), [.. rows.Select(row => row.BoundingBox)]);
        CollectionAssert.AreEqual(birds.GetColumn<string>("Species").ToArray(), rows.Select(row => row.Species).ToArray());
        CollectionAssert.AreEqual(birds.GetColumn<int>("ClassId").ToArray(), rows.Select(row => row.ClassId).ToArray());
        CollectionAssert.AreEqual(birds.GetColumn<bool>("IsTrain").ToArray(), rows.Select(row => row.IsTrain).ToArray());
        foreach (CubRow row in rows)
        {
            Assert.IsTrue(File.Exists(row.ImagePath), row.ImagePath);
            Assert.IsTrue(File.Exists(row.PartMaskPath), row.PartMaskPath);
        }

        Columns.AssertSame(birds.Vectors("ClassAttributes"), [.. rows.Select(row => row.ClassAttributes)]);
        IDataView plain = _ml.Transforms.DropColumns("PartMaskPath", "ClassAttributes").Fit(birds).Transform(birds);
        CubRow first = _ml.Data.CreateEnumerable<CubRow>(plain, reuseRowObject: false, ignoreMissingColumns: true).First();
        Assert.AreEqual("", first.PartMaskPath);
        Assert.IsEmpty(first.ClassAttributes);
        CollectionAssert.AreEqual(rows[0].KeyPoints, first.KeyPoints);

        IDataView again = _ml.Data.LoadFromEnumerable(rows);
        foreach (DataViewSchema.Column column in plain.Schema.Where(column => !column.IsHidden))
        {
            Assert.AreEqual(column.Type, again.Schema[column.Name].Type, column.Name);
        }
    }

    [TestMethod]
    public void APredictionEngineTakesARow()
    {
        using var folder = new TemporaryFolder();
        IDataView birds = Birds(folder, 2);
        using TransformerChain<MpirEvaluatorTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.GroundByMethods(SampleLlava.Directory, ["beak"], methods: [GroundingMethods.AllHeadsMean]))
            .Append(_ml.Transforms.EvaluateMpir(groundingMapsColumnName: "GroundingMaps.AllHeadsMean"))
            .Fit(birds);
        IDataView expected = model.Transform(birds);
        var options = new MpirEvaluatorOptions
        {
            GroundingMapsColumnName = "GroundingMaps.AllHeadsMean",
            KeyPointTable = CubParts.KeyPointsOf,
        };
        IDataView rows = _ml.Data.LoadFromEnumerable(Array.Empty<CubRow>());
        using TransformerChain<MpirEvaluatorTransformer> overRows = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.GroundByMethods(SampleLlava.Directory, ["beak"], methods: [GroundingMethods.AllHeadsMean]))
            .Append(_ml.Transforms.EvaluateMpir(options))
            .Fit(rows);
        using PredictionEngine<CubRow, Scored> engine = _ml.Model.CreatePredictionEngine<CubRow, Scored>(
            overRows,
            ignoreMissingColumns: false
        );
        float[][] scores = expected.Vectors("Mpir");
        int index = 0;
        foreach (CubRow row in _ml.Data.CreateEnumerable<CubRow>(birds, reuseRowObject: false, ignoreMissingColumns: true))
        {
            Scored scored = engine.Predict(row);
            CollectionAssert.AreEqual(scores[index++], scored.Mpir);
            Assert.AreEqual(row.Species, scored.Species);
        }

        Assert.AreEqual(2, index);
    }

    private IDataView Birds(TemporaryFolder folder, int count)
    {
        string path = Path.Combine(folder.Path, "birds");
        SampleBirds.Write(path, new SampleBirdsOptions { Count = count });
        return _ml.Data.LoadCub(path);
    }

    private sealed class Scored
    {
        public float[] Mpir { get; set; } = [];

        public string Species { get; set; } = "";
    }
}
