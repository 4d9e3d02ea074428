using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Comparison;

/// <summary>Methods side by side without annotations, against plain computations.</summary>
[TestClass]
public sealed class MapComparisonTests
{
    private const int Side = 4;
    private const int Cells = Side * Side;
    private static readonly string[] Words = ["wheel", "door"];
    private static readonly MLContext ML = new(seed: 1);

    [TestMethod]
    public void AreasAndAgreementAreThoseOfThePlainComputation()
    {
        Row[] rows = Rows(12);
        MapComparison comparison = Compare(rows);
        Assert.AreEqual(12, comparison.ImageCount);
        Assert.AreEqual(0, comparison.FailedImageCount);
        CollectionAssert.AreEqual(Words, comparison.Words.ToArray());
        for (int word = 0; word < Words.Length; word++)
        {
            double[] areas = [.. rows.Select(row => (double)Region(row.A, word).Count / Cells).Order()];
            Assert.AreEqual((areas[5] + areas[6]) / 2, comparison.Methods[0].Words[word].MedianArea.Value, 1e-6);
        }

        MethodAgreement pair = comparison.Agreements.Single();
        Assert.AreEqual(("A", "B", 12), (pair.First, pair.Second, pair.Count));
        Assert.AreEqual(Mean((row, word) => Iou(Region(row.A, word), Region(row.B, word))), pair.Regions.Value, 1e-6);
        Assert.AreEqual(Mean((row, word) => Iou(Largest(row.A, word, 3), Largest(row.B, word, 3))), pair.LargestCells.Value, 1e-6);
        Assert.AreEqual(Mean((row, word) => Largest(row.A, word, 1).SetEquals(Largest(row.B, word, 1)) ? 1 : 0), pair.Peaks.Value, 1e-6);
        Assert.IsTrue(pair.Regions.Low <= pair.Regions.Value && pair.Regions.Value <= pair.Regions.High);

        double Mean(Func<Row, int, double> of) => rows.Average(row => Enumerable.Range(0, Words.Length).Average(word => of(row, word)));
    }

    [TestMethod]
    public void AMethodAgreesWithItselfWholly()
    {
        Row[] rows = Rows(5);
        foreach (Row row in rows)
        {
            row.B = row.A;
        }

        MethodAgreement pair = Compare(rows).Agreements.Single();
        Assert.AreEqual((1.0, 1.0, 1.0), (pair.Regions.Value, pair.LargestCells.Value, pair.Peaks.Value));
    }

    [TestMethod]
    public void ConstantAndFailedMapsCostNoOther()
    {
        Row[] rows = Rows(7);
        rows[1].A.AsSpan(0, Cells).Clear();
        rows[2].A.AsSpan().Fill(float.NaN);
        rows[3].Geometry.AsSpan().Fill(float.NaN);
        rows[6].A.AsSpan().Fill(float.NaN);
        rows[6].B.AsSpan().Fill(float.NaN);
        MapComparison comparison = Compare(rows);
        Assert.AreEqual(2, comparison.FailedImageCount, "the one without a geometry and the one without a map; of the third B has maps");
        Assert.AreEqual(4, comparison.Methods[0].Words[0].Count);
        Assert.AreEqual(0.25, comparison.Methods[0].Words[0].ConstantMaps.Value, 1e-9);
        Assert.AreEqual(5, comparison.Methods[1].Words[0].Count);
        Assert.AreEqual(4, comparison.Agreements.Single().Count, "the second by its other word");
        Assert.Contains("- A: 1 of 8 maps are the same everywhere", comparison.ToMarkdown());
    }

    [TestMethod]
    public void TheTablesHaveNoScores()
    {
        MapComparison comparison = Compare(Rows(4));
        string text = comparison.ToMarkdown();
        Assert.Contains("| A and B |", text);
        Assert.DoesNotContain("mPIR", text);
        Assert.Contains("\\begin{tabular}", comparison.ToLatex());
        Assert.AreEqual(comparison.ToJson(), MapComparison.FromJson(comparison.ToJson()).ToJson());
        string[] line = comparison
            .ToCsv()
            .Split('\n')
            .Single(each => each.StartsWith("A,,door,4,median_area", StringComparison.Ordinal))
            .Split(',');
        Assert.AreEqual(comparison.Methods[0].Words[1].MedianArea.Value, double.Parse(line[5], CultureInfo.InvariantCulture));
    }

    [TestMethod]
    public void OneMethodHasNobodyToAgreeWith()
    {
        MapComparison comparison = ML.Grounding.CompareMaps(
            View(Rows(3)),
            new MapComparisonOptions { Methods = [new("Only", "GroundingMaps.A")], QueryNames = Words }
        );
        Assert.IsEmpty(comparison.Agreements);
        Assert.DoesNotContain("Agreement", comparison.ToMarkdown());
    }

    [TestMethod]
    public void WhatIsOutOfRangeIsRefused()
    {
        IDataView view = View(Rows(1));
        foreach (
            MapComparisonOptions options in (MapComparisonOptions[])
                [
                    new() { Area = 0 },
                    new() { RegionThreshold = 2 },
                    new() { Confidence = 1 },
                    new() { BootstrapReplicates = 0 },
                    new() { QueryNames = ["one"] },
                    new() { GeometryColumnName = "Nowhere", QueryNames = Words },
                ]
        )
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Grounding.CompareMaps(view, options));
        }
    }

    private static MapComparison Compare(Row[] rows) =>
        ML.Grounding.CompareMaps(
            View(rows),
            new MapComparisonOptions
            {
                QueryNames = Words,
                RegionThreshold = 0.4,
                // Three of sixteen cells.
                Area = 0.18,
                BootstrapReplicates = 50,
            }
        );

    private static IDataView View(Row[] rows) => ML.Data.LoadFromEnumerable(rows.Select(row => row.ToColumns()));

    private static Row[] Rows(int count)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ => new Row(random))];
    }

    private static HashSet<int> Region(float[] maps, int word)
    {
        float[] map = maps[(word * Cells)..((word + 1) * Cells)];
        (float low, float high) = (map.Min(), map.Max());
        return [.. Enumerable.Range(0, Cells).Where(cell => (map[cell] - low) / (high - low) >= 0.4)];
    }

    private static HashSet<int> Largest(float[] maps, int word, int count) =>
        [.. Enumerable.Range(0, Cells).OrderByDescending(cell => maps[(word * Cells) + cell]).Take(count)];

    private static double Iou(HashSet<int> one, HashSet<int> other) => (double)one.Intersect(other).Count() / one.Union(other).Count();

    private sealed class Row
    {
        public Row(Random random)
        {
            A = [.. Enumerable.Range(0, 2 * Cells).Select(_ => random.NextSingle())];
            B = [.. A.Select(value => value + (0.5f * random.NextSingle()))];
            SquareGeometry.Create(ImageFit.Pad, 56, 56, 56, Side).CopyTo(Geometry);
        }

        public float[] A { get; set; }

        public float[] B { get; set; }

        public float[] Geometry { get; } = new float[ImageGeometry.Length];

        public Columns ToColumns() =>
            new()
            {
                Geometry = Geometry,
                A = A,
                B = B,
            };
    }

    private sealed class Columns
    {
        [VectorType(ImageGeometry.Length)]
        public float[] Geometry { get; set; } = [];

        [VectorType(2, Side, Side)]
        [ColumnName("GroundingMaps.A")]
        public float[] A { get; set; } = [];

        [VectorType(2, Side, Side)]
        [ColumnName("GroundingMaps.B")]
        public float[] B { get; set; } = [];
    }
}
