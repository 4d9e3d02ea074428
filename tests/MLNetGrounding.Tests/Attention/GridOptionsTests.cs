using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Attention;

/// <summary>
/// The grid of a pipeline, as a grid, and as a number of cells and an aspect ratio; with models that have a choice and models that have
/// none.
/// </summary>
[TestClass]
public sealed class GridOptionsTests
{
    private static readonly TemporaryFolder Native = new();
    private static readonly TemporaryFolder Tiled = new();
    private static readonly Lazy<string> NativeCheckpoint = new(() => GeneratedCheckpoints.WriteNative(Native));
    private static readonly Lazy<string> TiledCheckpoint = new(() => GeneratedCheckpoints.WriteTiled(Tiled));

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [ClassCleanup]
    public static void Delete()
    {
        Native.Dispose();
        Tiled.Dispose();
    }

    [TestMethod]
    [DataRow(160, "16:10", 10, 16)]
    [DataRow(160, "1.6", 10, 16)]
    [DataRow(16, null, 4, 4)]
    [DataRow(20, "0.8", 5, 4)]
    [DataRow(144, "16:9", 9, 16)]
    public void ANumberOfCellsAndAnAspectRatioAreAGrid(int cells, string? aspect, int rows, int columns) =>
        CollectionAssert.AreEqual(
            new[] { 1, 4, 4, rows, columns },
            Extracted(options => (options.Cells, options.Aspect) = (cells, aspect))
        );

    [TestMethod]
    public void AnImageGivesItsShapeAndTheModelTheNumberOfCells()
    {
        string path = SaveImage(48, 32);
        int own = Extracted(_ => { })[3..].Aggregate((rows, columns) => rows * columns);
        var expected = MapGrid.OfCells(own, 1.5);
        CollectionAssert.AreEqual(new[] { 1, 4, 4, expected.Height, expected.Width }, Extracted(options => options.Aspect = path));
    }

    [TestMethod]
    public void MethodsHaveTheGridToo()
    {
        IDataView rows = View(640, 400);
        using MethodGrounderTransformer methods = ML
            .Transforms.GroundByMethods(
                NativeCheckpoint.Value,
                ["beak"],
                "bird",
                [GroundingMethods.Paper, GroundingMethods.ByName("Paper.WithoutConstantCells")],
                cells: 160,
                aspect: "16:10"
            )
            .Fit(rows);
        IDataView maps = methods.Transform(rows);
        CollectionAssert.AreEqual(new[] { 1, 10, 16 }, maps.Schema.Dimensions("GroundingMaps.Paper"));
        Assert.IsTrue(maps.Vectors("GroundingMaps.Paper.WithoutConstantCells")[0].All(float.IsFinite));
    }

    [TestMethod]
    [DataRow("2x2", MapViews.All, 6, 6)]
    [DataRow("1x2", MapViews.Tiles, 3, 6)]
    [DataRow("2x2", MapViews.Whole, 3, 3)]
    public void TilesAndViewsOfMethodsSurviveSavingAndLoading(string tiles, MapViews views, int rows, int columns)
    {
        Assert.IsTrue(MapGrid.TryParse(tiles, out MapGrid cut));
        IDataView view = View(200, 160);
        CaptureOptions capture = new()
        {
            Tiles = (cut.Height, cut.Width),
            Views = views,
            Fit = ImageFit.Stretch,
        };
        string saved = Path.Combine(Tiled.Path, $"{tiles}-{views}.zip");
        float[] expected;
        using (
            MethodGrounderTransformer methods = ML
                .Transforms.GroundByMethods(TiledCheckpoint.Value, ["beak"], "bird", [GroundingMethods.AllHeadsMean], capture: capture)
                .Fit(view)
        )
        {
            expected = methods.Transform(view).Vectors("GroundingMaps.AllHeadsMean")[0];
            ML.Model.Save(methods, view.Schema, saved);
        }

        ITransformer loaded = ML.Model.Load(saved, out _);
        using var disposable = (IDisposable)loaded;
        IDataView again = loaded.Transform(view);
        CollectionAssert.AreEqual(new[] { 1, rows, columns }, again.Schema.Dimensions("GroundingMaps.AllHeadsMean"));
        CollectionAssert.AreEqual(expected, again.Vectors("GroundingMaps.AllHeadsMean")[0]);
    }

    [TestMethod]
    [DataRow(MapViews.All)]
    [DataRow(MapViews.Whole)]
    public void TilesAndViewsOfAttentionSurviveSavingAndLoading(MapViews views)
    {
        IDataView view = View(200, 160);
        CaptureOptions capture = new() { Tiles = (2, 1), Views = views };
        string saved = Path.Combine(Tiled.Path, $"attention-{views}.zip");
        float[] expected;
        using (
            AttentionExtractorTransformer extractor = ML
                .Transforms.ExtractAttention(TiledCheckpoint.Value, ["beak"], "bird", capture: capture)
                .Fit(view)
        )
        {
            expected = extractor.Transform(view).Vectors("FineAttention")[0];
            ML.Model.Save(extractor, view.Schema, saved);
        }

        ITransformer loaded = ML.Model.Load(saved, out _);
        using var disposable = (IDisposable)loaded;
        CollectionAssert.AreEqual(expected, loaded.Transform(view).Vectors("FineAttention")[0]);
    }

    /// <summary>Padded to a tall input, the first image would have twenty million rows.</summary>
    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void AnImageThatTheModelCannotTakeIsMarkedAndCostsNoOther(int readAhead)
    {
        using MLImage thin = Photo.Draw(100_000, 1);
        using MLImage photo = Photo.Draw(64, 96);
        IDataView rows = ML.Data.LoadFromEnumerable([new ImageRow { Image = thin }, new ImageRow { Image = photo }]);
        using AttentionExtractorTransformer extractor = ML
            .Transforms.ExtractAttention(
                Options(options => (options.Capture, options.ReadAhead) = (new CaptureOptions { Grid = new MapGrid(200, 1) }, readAhead))
            )
            .Fit(rows);
        IDataView data = extractor.Transform(rows);
        foreach (string column in new[] { "Geometry", "FineAttention", "CoarseFlow" })
        {
            float[][] values = data.Vectors(column);
            Assert.IsTrue(values[0].All(float.IsNaN), column);
            Assert.IsTrue(values[1].All(float.IsFinite), column);
        }

        Assert.IsTrue(
            _log.Warnings.Any(warning =>
                warning.Contains("row 0: An image of 100000 x 1 pixels", StringComparison.Ordinal)
                && warning.Contains("ImageFit.Crop", StringComparison.Ordinal)
            ),
            string.Join("; ", _log.Warnings)
        );
    }

    [TestMethod]
    public void AnImageWhoseSideNoGeometryHoldsIsMarked()
    {
        using var thin = MLImage.CreateFromPixels(16_777_217, 1, MLPixelFormat.Bgra32, new byte[4 * 16_777_217]);
        IDataView rows = ML.Data.LoadFromEnumerable([new ImageRow { Image = thin }]);
        using AttentionExtractorTransformer extractor = ML
            .Transforms.ExtractAttention(Options(options => options.Capture = new CaptureOptions { Fit = ImageFit.Stretch }))
            .Fit(rows);
        Assert.IsTrue(extractor.Transform(rows).Vectors("Geometry")[0].All(float.IsNaN));
        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains("16777217 x 1 pixels", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void AColumnThatNoRowCanHoldIsRefusedByName()
    {
        string message = Assert
            .ThrowsExactly<ArgumentException>(() => ColumnAnnotations.Vector("Maps", [300, 64, 64, 64, 64], ["a", "b", "c", "d", "e"]))
            .Message;
        StringAssert.Contains(message, "'Maps' would hold 300 x 64 x 64 x 64 x 64 = 5033164800");
    }

    [TestMethod]
    public void AGridAndANumberOfCellsAreOneTooMany() =>
        Refused<ArgumentException>(
            options => (options.Capture, options.Cells) = (new CaptureOptions { Grid = new MapGrid(4, 4) }, 16),
            "Set either"
        );

    [TestMethod]
    [DataRow(0)]
    [DataRow(-3)]
    public void ANumberOfCellsIsPositive(int cells) => Refused<ArgumentOutOfRangeException>(options => options.Cells = cells, "at least 1");

    [TestMethod]
    public void AnAspectThatIsNoneIsSaid() =>
        Refused<ArgumentException>(options => options.Aspect = "wide", "Aspect is 'wide'", "16:9", "the path of an image");

    [TestMethod]
    public void AGridAboveTheMostCellsIsRefused() =>
        Refused<ArgumentException>(
            options => options.Capture = new CaptureOptions { Grid = new MapGrid(65, 64) },
            "4160",
            "4096",
            "MaximumCells"
        );

    [TestMethod]
    public void AGridWhoseSidesDifferTwoHundredfoldIsRefused() =>
        Refused<ArgumentException>(options => options.Capture = new CaptureOptions { Grid = new MapGrid(1, 201) }, "200");

    [TestMethod]
    public void AGridOfAModelWhoseGridIsFixedIsRefused() =>
        Refused<ArgumentException>(
            options =>
                (options.ModelDirectory, options.Capture) = (SampleLlava.Directory, new CaptureOptions { Grid = new MapGrid(10, 16) }),
            "10 x 16"
        );

    [TestMethod]
    public void ANumberOfCellsOfAModelWhoseGridIsFixedIsRefused() =>
        Refused<ArgumentException>(
            options => (options.ModelDirectory, options.Cells, options.Aspect) = (SampleLlava.Directory, 160, "16:10"),
            "10 x 16"
        );

    [TestMethod]
    public void TilesOfAModelThatSeesNoneAreRefused() =>
        Refused<ArgumentException>(options => options.Capture = new CaptureOptions { Tiles = (2, 2) }, "2 x 2", "qwen3_vl");

    [TestMethod]
    public void AGridThatTilesDoNotHaveIsRefused() =>
        Refused<ArgumentException>(options => (options.ModelDirectory, options.Cells) = (TiledCheckpoint.Value, 25), "5 x 5", "Tiles");

    [TestMethod]
    public void AMissingProcessorFileIsNamed()
    {
        using TemporaryFolder folder = new();
        GeneratedCheckpoints.WriteNative(folder, withProcessor: false);
        Refused<CheckpointException>(options => options.ModelDirectory = folder.Path, "preprocessor_config.json");
    }

    [TestMethod]
    [DataRow("qwen3_vl_moe")]
    [DataRow("qwen3_5")]
    public void ACloseFamilyThatIsNotReadIsNamed(string type)
    {
        using TemporaryFolder folder = new();
        GeneratedCheckpoints.WriteNative(folder);
        string path = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("\"model_type\":\"qwen3_vl\"", $"\"model_type\":\"{type}\"", StringComparison.Ordinal)
        );
        Refused<CheckpointException>(options => options.ModelDirectory = folder.Path, type);
    }

    private int[] Extracted(Action<AttentionExtractorOptions> change)
    {
        IDataView rows = View(64, 40);
        using AttentionExtractorTransformer extractor = ML.Transforms.ExtractAttention(Options(change)).Fit(rows);
        return [.. extractor.Transform(rows).Schema.Dimensions("FineAttention")];
    }

    private static AttentionExtractorOptions Options(Action<AttentionExtractorOptions> change)
    {
        AttentionExtractorOptions options = new()
        {
            ModelDirectory = NativeCheckpoint.Value,
            Words = ["beak"],
            Object = "bird",
        };
        change(options);
        return options;
    }

    /// <summary>One line that says all of <paramref name="parts"/>.</summary>
    private void Refused<TException>(Action<AttentionExtractorOptions> change, params string[] parts)
        where TException : Exception
    {
        TException exception = Assert.ThrowsExactly<TException>(() => ML.Transforms.ExtractAttention(Options(change)).Fit(View(64, 40)));
        Assert.DoesNotContain("\n", exception.Message);
        foreach (string part in parts)
        {
            StringAssert.Contains(exception.Message, part, StringComparison.Ordinal);
        }
    }

    /// <summary>A view of one photo.</summary>
    private IDataView View(int width, int height)
    {
        IDataView paths = ML.Data.LoadFromEnumerable([new PathRow { ImagePath = SaveImage(width, height) }]);
        return ML.Transforms.LoadGroundingImages().Fit(paths).Transform(paths);
    }

    private static string SaveImage(int width, int height)
    {
        string path = Path.Combine(Native.Path, $"{width}x{height}.png");
        using MLImage image = Photo.Draw(width, height);
        image.Save(path);
        return path;
    }

    private sealed class ImageRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
