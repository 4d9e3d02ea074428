using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetGrounding.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding;

[TestClass]
public sealed class KeyPointDescriptionTests
{
    private static readonly KeyPointDescription Car = new()
    {
        Names = ["front wheel", "rear wheel", "door"],
        KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["wheel"] = [0, 1], ["roof"] = [] },
        SwappedQueries = new Dictionary<string, string> { ["wheel"] = "door" },
    };

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void CubFillsItsDescriptionIn()
    {
        using var cub = new SyntheticCub();
        AssertSame(CubParts.Description, KeyPointDescription.Of(cub.Load(_ml).Schema["KeyPoints"]));
    }

    [TestMethod]
    public void AColumnWithoutAnnotationsHasAnEmptyDescription()
    {
        var none = KeyPointDescription.Of(_ml.Data.LoadFromEnumerable(Rows()).Schema["KeyPoints"]);
        Assert.IsEmpty(none.Names);
        Assert.IsEmpty(none.KeyPointTable);
        Assert.IsNull(none.SwappedQueries);
    }

    [TestMethod]
    public void StockStepsThatKeepTheColumnKeepItsDescription()
    {
        IDataView rows = Described();
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(rows, testFraction: 0.5);
        EstimatorChain<ColumnCopyingTransformer> steps = _ml
            .Transforms.CopyColumns("Points", "KeyPoints")
            .Append(_ml.Transforms.SelectColumns("Points", "KeyPoints", "KeyPointVisible"))
            .Append(_ml.Transforms.DropColumns("KeyPoints"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.CopyColumns("KeyPoints", "Points"));
        foreach (
            IDataView view in (IDataView[])
                [
                    _ml.Data.TakeRows(rows, 1),
                    _ml.Data.SkipRows(rows, 1),
                    _ml.Data.ShuffleRows(rows),
                    _ml.Data.Cache(rows),
                    split.TrainSet,
                    split.TestSet,
                    _ml.Data.FilterRowsByColumn(rows, "Number", 0, 1),
                    steps.Fit(rows).Transform(rows),
                ]
        )
        {
            AssertSame(Car, KeyPointDescription.Of(view.Schema["KeyPoints"]));
        }
    }

    [TestMethod]
    public void AFileThatMLNetWritesKeepsIt()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "rows.idv");
        using (FileStream file = File.Create(path))
        {
            _ml.Data.SaveAsBinary(Described(), file);
        }

        AssertSame(Car, KeyPointDescription.Of(_ml.Data.LoadFromBinary(path).Schema["KeyPoints"]));
    }

    [TestMethod]
    public void TheSlotsOfTheVisibilitiesNameThePointsWhereNothingElseDoes()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Rows());
        IDataView named = _ml.Transforms.Concatenate("Visible", "First", "Second").Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(
            (string[])["First", "Second"],
            KeyPointDescription.Of(named.Schema["KeyPoints"], named.Schema["Visible"]).Names.ToArray()
        );
        CollectionAssert.AreEqual(
            Car.Names.ToArray(),
            KeyPointDescription.Of(Described().Schema["KeyPoints"], named.Schema["Visible"]).Names.ToArray(),
            "the points' own names come first"
        );
    }

    [TestMethod]
    [DataRow(GroundingAnnotations.KeyPointTable, """{"wheel": 1}""")]
    [DataRow(GroundingAnnotations.KeyPointTable, """{"wheel": null}""")]
    [DataRow(GroundingAnnotations.SwappedQueries, "wheel")]
    public void ADamagedAnnotationIsNamed(string kind, string text)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["KeyPoints"].AddAnnotation(kind, text.AsMemory(), TextDataViewType.Instance);
        DataViewSchema.Column column = _ml.Data.LoadFromEnumerable(Rows(), definition).Schema["KeyPoints"];

        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => KeyPointDescription.Of(column)).Message;

        Assert.Contains($"'{kind}' of column 'KeyPoints'", message);
    }

    private static void AssertSame(KeyPointDescription expected, KeyPointDescription actual)
    {
        CollectionAssert.AreEqual(expected.Names.ToArray(), actual.Names.ToArray());
        CollectionAssert.AreEqual(expected.KeyPointTable.Keys.ToArray(), actual.KeyPointTable.Keys.ToArray());
        foreach ((string word, IReadOnlyList<int> points) in expected.KeyPointTable)
        {
            CollectionAssert.AreEqual(points.ToArray(), actual.KeyPointTable[word].ToArray(), word);
        }

        CollectionAssert.AreEquivalent(expected.SwappedQueries!.ToArray(), actual.SwappedQueries!.ToArray());
    }

    private IDataView Described()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        Car.AddTo(definition["KeyPoints"]);
        return _ml.Data.LoadFromEnumerable(Rows(), definition);
    }

    private static Row[] Rows() =>
        [
            .. Enumerable
                .Range(0, 4)
                .Select(number => new Row
                {
                    Number = number,
                    KeyPoints = [1, 2, 3, 4, 5, number],
                    KeyPointVisible = [1, 0, 1],
                }),
        ];

    private sealed class Row
    {
        public float Number { get; set; }

        public float First { get; set; }

        public float Second { get; set; }

        [VectorType(3, 2)]
        public float[] KeyPoints { get; set; } = [];

        [VectorType(3)]
        public float[] KeyPointVisible { get; set; } = [];
    }
}
