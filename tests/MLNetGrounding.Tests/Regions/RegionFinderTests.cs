using Microsoft.ML;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Regions;

[TestClass]
public sealed class RegionFinderTests
{
    private const int Cells = MapRows.Grid * MapRows.Grid;

    private static readonly RegionRule[] Rules =
    [
        new ThresholdRegion { Threshold = 0.3 },
        new MeanRegion(),
        new OtsuRegion(),
        new WindowRegion { Side = 20 },
        new PointsRegion(),
    ];

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        RegionFinderOptions options = new();
        Assert.AreEqual("GroundingMaps", options.GroundingMapsColumnName);
        Assert.AreEqual("Geometry", options.GeometryColumnName);
        Assert.AreEqual("Regions", options.RegionsColumnName);
        Assert.AreEqual("RegionBoxes", options.RegionBoxesColumnName);
        Assert.AreEqual(new ThresholdRegion(), options.Rule);
        Assert.IsNull(options.GroundingMapDimensions);
        Assert.IsNull(options.QueryNames);
        Assert.ThrowsExactly<ArgumentNullException>(() => ML.Transforms.FindRegions(new RegionFinderOptions { Rule = null! }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Transforms.FindRegions(new PointsRegion { Threshold = 2 }));
    }

    [TestMethod]
    public void EveryRuleGivesCellsAndBoxesOfEveryMap()
    {
        MapRows rows = new(5);
        foreach (RegionRule rule in Rules)
        {
            IDataView data = ML
                .Transforms.FindRegions(rule, groundingMapsColumnName: "GroundingMaps.First")
                .Fit(rows.View)
                .Transform(rows.View);
            float[][] regions = data.Vectors("Regions");
            float[][] boxes = data.Vectors("RegionBoxes");
            for (int row = 0; row < rows.Rows.Count; row++)
            {
                var geometry = ImageGeometry.FromVector(rows.Rows[row].Geometry);
                for (int query = 0; query < MapRows.Queries.Length; query++)
                {
                    ReadOnlySpan<float> map = rows.Rows[row].First.AsSpan(query * Cells, Cells);
                    bool[] expected = new bool[Cells];
                    rule.Mark(map, geometry, expected);
                    CollectionAssert.AreEqual(
                        expected.Select(cell => cell ? 1f : 0).ToArray(),
                        regions[row][(query * Cells)..((query + 1) * Cells)],
                        rule.Name
                    );
                    PixelRectangle box = rule.Box(map, geometry, expected)!.Value;
                    CollectionAssert.AreEqual(
                        new[] { (float)box.Left, (float)box.Top, (float)box.Width, (float)box.Height },
                        boxes[row][(query * 4)..((query + 1) * 4)],
                        rule.Name
                    );
                }
            }
        }

        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void MapsOfZerosHaveNoRegionAndMapsOfNothingAreMarked()
    {
        MapRows rows = new(3);
        rows.Rows[0].First.AsSpan(0, Cells).Clear();
        rows.Rows[1].First.AsSpan().Fill(float.NaN);
        rows.Rows[2].Geometry[3] = -1;
        IDataView data = ML
            .Transforms.FindRegions(new MeanRegion(), groundingMapsColumnName: "GroundingMaps.First")
            .Fit(rows.View)
            .Transform(rows.View);
        float[][] regions = data.Vectors("Regions");
        float[][] boxes = data.Vectors("RegionBoxes");
        Assert.IsTrue(regions[0][..Cells].All(cell => cell == 0) && regions[0][Cells..].Any(cell => cell == 1));
        Assert.IsTrue(boxes[0][..4].All(float.IsNaN) && !boxes[0][4..].Any(float.IsNaN));
        Assert.IsTrue(regions[1].All(float.IsNaN) && boxes[1].All(float.IsNaN));
        Assert.IsTrue(regions[2].All(float.IsNaN) && boxes[2].All(float.IsNaN));
        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains("row 2", StringComparison.Ordinal)), string.Join('\n', _log.Warnings));
    }

    [TestMethod]
    public void ColumnsHaveDimensionsAndNames()
    {
        MapRows rows = new(1);
        DataViewSchema schema = ML
            .Transforms.FindRegions(groundingMapsColumnName: "GroundingMaps.First")
            .Fit(rows.View)
            .Transform(rows.View)
            .Schema;
        CollectionAssert.AreEqual(
            new[] { 3, MapRows.Grid, MapRows.Grid },
            ((Microsoft.ML.Data.VectorDataViewType)schema["Regions"].Type).Dimensions.ToArray()
        );
        CollectionAssert.AreEqual(new[] { 3, 4 }, ((Microsoft.ML.Data.VectorDataViewType)schema["RegionBoxes"].Type).Dimensions.ToArray());
        CollectionAssert.AreEqual(MapRows.Queries, ColumnAnnotations.GetNames(schema["RegionBoxes"], GroundingAnnotations.QueryNames));
    }
}
