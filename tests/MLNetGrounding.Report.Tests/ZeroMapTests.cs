using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>Maps of zeros, which a difference of two maps often is, through chain, scores, drawings and report.</summary>
[TestClass]
public sealed class ZeroMapTests
{
    private static readonly MLContext Context = new(seed: 1);

    private static readonly string[] Columns = ["Hit", "Area", "Mpir", "Regions", "GroundingFeatures"];

    [TestMethod]
    public async Task TheyAreNoNanAnywhereAndTheReportCountsThem()
    {
        IDataView data = Chain();
        foreach (string column in Columns)
        {
            foreach (float[] values in Vectors(data, column))
            {
                Assert.IsFalse(values.Any(float.IsNaN), column);
            }
        }

        Assert.IsTrue(Vectors(data, "RegionBoxes").All(boxes => boxes.All(float.IsNaN)), "there is no box around nothing");
        Assert.IsTrue(Vectors(data, "Hit").All(hits => hits.All(hit => hit == 0)), "a miss");
        using (DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Overlay"]]))
        {
            ValueGetter<MLImage> overlay = cursor.GetGetter<MLImage>(data.Schema["Overlay"]);
            while (cursor.MoveNext())
            {
                MLImage? image = null;
                overlay(ref image!);
                Assert.IsNotNull(image);
                image.Dispose();
            }
        }

        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "report.html");
        Context.Grounding.WriteReport(data, path, new GroundingReportOptions { KeyPointTable = RectangularRows.KeyPointTable });
        Assert.DoesNotContain("NaN", await File.ReadAllTextAsync(path));
        await using OpenReport report = await OpenReport.AtAsync(path);
        string text = await report.Page.Locator("body").InnerTextAsync();
        Assert.Contains("6 maps are the same everywhere and have no region", text);
        Assert.DoesNotContain("undefined", text);
        await report.Cards.First.ClickAsync();
        Assert.DoesNotContain("NaN", await report.Dialog.InnerTextAsync());
    }

    private static IDataView Chain()
    {
        int[] dimensions = [RectangularRows.Queries.Length, RectangularRows.Grid.Height, RectangularRows.Grid.Width];
        var zeros = ListColumn<int>.Vector("GroundingMaps", dimensions, _ => new float[dimensions[0] * RectangularRows.Grid.Cells]);
        IDataView rows = new ListView<int>(
            [0, 1, 2],
            [
                ListColumn<int>.Text("ImagePath", id => $"image-{id}.png"),
                new(
                    new("Image", new ImageDataViewType()),
                    row => (ValueGetter<MLImage>)((ref MLImage image) => image = RectangularRows.Image(row()))
                ),
                ListColumn<int>.Vector(
                    "Geometry",
                    [ImageGeometry.Length],
                    id =>
                    {
                        float[] vector = new float[ImageGeometry.Length];
                        RectangularRows.Geometry(id).CopyTo(vector);
                        return vector;
                    }
                ),
                ListColumn<int>.Vector(
                    "PatchFeatures",
                    [.. dimensions[1..], 1],
                    _ => [.. Enumerable.Repeat(1f, RectangularRows.Grid.Cells)]
                ),
                ListColumn<int>.Vector("KeyPoints", [15, 2], _ => [.. Enumerable.Repeat(90f, 30)]),
                ListColumn<int>.Vector("KeyPointVisible", [15], _ => [.. Enumerable.Repeat(1f, 15)]),
                ListColumn<int>.Vector("BoundingBox", [4], _ => [20, 20, 100, 100]),
                zeros with
                {
                    Column = ColumnAnnotations.Vector("GroundingMaps", dimensions, ["query", "row", "column"], RectangularRows.Queries),
                },
            ]
        );
        return Context
            .Transforms.EvaluateMpir(new MpirEvaluatorOptions { KeyPointTable = RectangularRows.KeyPointTable })
            .Append(Context.Transforms.FindRegions(new OtsuRegion()))
            .Append(Context.Transforms.FeaturizeGrounding())
            .Append(Context.Transforms.DrawGrounding())
            .Fit(rows)
            .Transform(rows);
    }

    private static List<float[]> Vectors(IDataView data, string column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema[column]);
        List<float[]> rows = [];
        while (cursor.MoveNext())
        {
            VBuffer<float> values = default;
            getter(ref values);
            rows.Add([.. values.DenseValues()]);
        }

        return rows;
    }
}
