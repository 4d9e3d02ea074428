using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Rendering;

[TestClass]
public sealed class GroundingDrawerTests
{
    private const int Grid = 4;
    private static readonly string[] Queries = ["beak", "eye"];

    private readonly MLContext _context = new();

    [TestMethod]
    public void ThePictureIsThatOfTheOverlay()
    {
        ListView<int> view = View();

        MLImage[] pictures = Pictures(_context.Transforms.DrawGrounding("eye").Fit(view).Transform(view));

        using MLImage image = Image(0);
        using var overlay = new GroundingOverlay(image, Geometry(0));
        using MLImage expected = overlay.DrawMap(Map(0, 1)).DrawRegion(Map(0, 1)).DrawLabel("eye").ToImage();
        Assert.IsNull(DrawnPixels.OfDifference(expected, pictures[0]));
        Assert.IsNull(pictures[2], "a row whose maps are NaN");
        Assert.IsNull(pictures[3], "a row without image");
    }

    [TestMethod]
    public void WithoutAQueryAllStandSideBySide()
    {
        ListView<int> view = View();

        MLImage[] pictures = Pictures(_context.Transforms.DrawGrounding().Fit(view).Transform(view));

        MLImage[] each = [.. Queries.Select(query => Pictures(_context.Transforms.DrawGrounding(query).Fit(view).Transform(view))[0])];
        using MLImage expected = ContactSheet.Arrange(each, columns: 2);
        Assert.IsNull(DrawnPixels.OfDifference(expected, pictures[0]));
        // Two pictures of 80 x 60 pixels, 8 apart.
        Assert.AreEqual(((2 * 88) + 8, 76), (pictures[0].Width, pictures[0].Height));
    }

    [TestMethod]
    public void PicturesGoOnThroughStockSteps()
    {
        ListView<int> view = View();
        EstimatorChain<ImagePixelExtractingTransformer> pipeline = _context
            .Transforms.DrawGrounding("beak")
            .Append(_context.Transforms.ResizeImages("Small", imageWidth: 40, imageHeight: 30, inputColumnName: "Overlay"))
            .Append(_context.Transforms.ExtractPixels("Pixels", "Small"));

        using IEnumerator<float[]> pixels = pipeline.Fit(view).Transform(view).GetColumn<float[]>("Pixels").GetEnumerator();

        Assert.IsTrue(pixels.MoveNext());
        Assert.HasCount(3 * 40 * 30, pixels.Current);
        Assert.IsTrue(pixels.Current.Any(value => value > 100));
    }

    [TestMethod]
    public void ASavedDrawerDrawsTheSame()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "drawer.zip");
        ListView<int> view = View();
        using GroundingDrawerTransformer drawer = _context
            .Transforms.DrawGrounding(
                new GroundingDrawerOptions
                {
                    Query = "eye",
                    RegionThreshold = 0.4,
                    KeyPointsColumnName = "KeyPoints",
                    KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["eye"] = [1] },
                    Legend = true,
                    Look = new GroundingOverlayOptions
                    {
                        LongEdge = 200,
                        Colors = ColorMap.Viridis,
                        Smooth = true,
                    },
                }
            )
            .Fit(view);

        _context.Model.Save(drawer, view.Schema, path);
        ITransformer loaded = new MLContext().Model.Load(path, out _);

        MLImage[] before = Pictures(drawer.Transform(view));
        MLImage[] after = Pictures(loaded.Transform(view));
        Assert.AreEqual(200, before[0].Width);
        Assert.IsNull(DrawnPixels.OfDifference(before[0], after[0]));
    }

    [TestMethod]
    public void WhatDoesNotFitIsNamedBeforeAnythingIsDrawn()
    {
        ListView<int> view = View();

        Assert.Contains(
            "wing",
            Assert
                .ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.DrawGrounding("wing").Fit(view).Transform(view))
                .Message
        );
        Assert.Contains(
            "'Nothing'",
            Assert
                .ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.DrawGrounding(imageColumnName: "Nothing").Fit(view))
                .Message
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.DrawGrounding(regionThreshold: 2));
    }

    private static MLImage[] Pictures(IDataView view)
    {
        DataViewSchema.Column column = view.Schema["Overlay"];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        List<MLImage> pictures = [];
        while (cursor.MoveNext())
        {
            MLImage? picture = null;
            getter(ref picture!);
            pictures.Add(picture);
        }

        return [.. pictures];
    }

    private static ImageGeometry Geometry(int id) => SquareGeometry.Create(ImageFit.Pad, 80, 60 + id, 56, Grid);

    private static float[] Map(int id, int query) =>
        [.. Enumerable.Range(0, Grid * Grid).Select(cell => cell == id + query + 5 ? 1f : 0.1f * cell / 16)];

    private static MLImage Image(int id) =>
        MLImage.CreateFromPixels(
            80,
            60 + id,
            MLPixelFormat.Bgra32,
            [.. Enumerable.Repeat((byte[])[120, 150, 180, 255], 80 * (60 + id)).SelectMany(each => each)]
        );

    /// <summary>Two rows to draw, one whose maps are NaN and one without image.</summary>
    private static ListView<int> View() =>
        new(
            [0, 1, 2, 3],
            [
                new ListColumn<int>(
                    new DataViewSchema.DetachedColumn("Image", new ImageDataViewType()),
                    row => (ValueGetter<MLImage>)((ref MLImage destination) => destination = (row() == 3 ? null : Image(row()))!)
                ),
                ListColumn<int>.Vector(
                    "Geometry",
                    [ImageGeometry.Length],
                    id =>
                    {
                        float[] vector = new float[ImageGeometry.Length];
                        Geometry(id).CopyTo(vector);
                        return vector;
                    }
                ),
                ListColumn<int>.Vector("KeyPoints", [2, 2], _ => [10, 10, 40, 30]),
                ListColumn<int>.Vector("KeyPointVisible", [2], _ => [1, 1]),
                ListColumn<int>.Vector(
                    "GroundingMaps",
                    [2, Grid, Grid],
                    id => id == 2 ? [.. Enumerable.Repeat(float.NaN, 2 * Grid * Grid)] : [.. Map(id, 0), .. Map(id, 1)]
                ) with
                {
                    Column = ColumnAnnotations.Vector("GroundingMaps", [2, Grid, Grid], ["query", "row", "column"], Queries),
                },
            ]
        );
}
