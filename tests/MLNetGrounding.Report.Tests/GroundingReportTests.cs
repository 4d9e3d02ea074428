using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>The report's file, without a browser.</summary>
[TestClass]
public sealed class GroundingReportTests
{
    [TestMethod]
    public void OnlyThePagesOwnScriptAndStyleMayRun()
    {
        using var small = new SmallReport(name: _ => "</script><style>*{}</style><script>alert(1)</script>");
        string page = File.ReadAllText(small.Path);

        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]+)\"").Groups[1].Value;
        string script = Regex.Match(page, "<script>(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        string style = Regex.Match(page, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;

        Assert.Contains("default-src 'none'", policy);
        Assert.Contains($"script-src '{Hash(script)}'", policy);
        Assert.Contains($"style-src '{Hash(style)}'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.HasCount(1, Regex.Matches(page, "<script>"));
        Assert.HasCount(1, Regex.Matches(page, "<style"));
        Assert.DoesNotContain("http:", WithoutData(page));
        Assert.DoesNotContain("https:", WithoutData(page));

        static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }

    [TestMethod]
    public void TheScoresAreThoseOfTheEvaluationAndOfEachImage()
    {
        using var small = new SmallReport();
        using var data = JsonDocument.Parse(DataOf(File.ReadAllText(small.Path)));
        JsonElement root = data.RootElement;

        Assert.AreEqual(SmallReport.Images, root.GetProperty("total").GetInt32());
        Assert.AreEqual(1, root.GetProperty("failed").GetInt32());
        JsonElement image = root.GetProperty("images")[0];
        using GroundedImage expected = SmallReport.Image(0, "", "");
        // One whole cell of 36, in an image that fills four of six rows.
        Assert.AreEqual(1.0 / 24, image.GetProperty("area")[0][0].GetDouble(), 1e-5);
        Assert.AreEqual(24, image.GetProperty("mpir")[0][0].GetDouble(), 1e-3);
        CollectionAssert.AreEqual(
            (int?[])[1, 0, null],
            image
                .GetProperty("hit")[0]
                .EnumerateArray()
                .Select(hit => hit.ValueKind == JsonValueKind.Null ? (int?)null : hit.GetInt32())
                .ToArray()
        );
        JsonElement beak = root.GetProperty("scores")[0].GetProperty("attributes")[0];
        Assert.AreEqual("beak", beak.GetProperty("name").GetString());
        double mean = root.GetProperty("images").EnumerateArray().Average(each => each.GetProperty("mpir")[0][0].GetDouble());
        Assert.AreEqual(mean, beak.GetProperty("mpir")[0].GetDouble(), 1e-3);
        Assert.IsLessThanOrEqualTo(mean, beak.GetProperty("mpir")[1].GetDouble());
        Assert.IsGreaterThanOrEqualTo(mean, beak.GetProperty("mpir")[2].GetDouble());
        (double left, double top, double right, double bottom) = Whole(expected.Geometry);
        CollectionAssert.AreEqual(
            ((double[])[left / 240, top / 160, right / 240, bottom / 160]).Select(share => Math.Round(share, 5)).ToArray(),
            image.GetProperty("place").EnumerateArray().Select(share => share.GetDouble()).ToArray()
        );
    }

    private static (double Left, double Top, double Right, double Bottom) Whole(in ImageGeometry geometry)
    {
        (double left, double top, _, _) = geometry.CellToPixels(0, 0);
        (_, _, double right, double bottom) = geometry.CellToPixels(geometry.Grid.Height - 1, geometry.Grid.Width - 1);
        return (left, top, right, bottom);
    }

    [TestMethod]
    public void OnlySoManyPicturesAreHeldAndAllImagesScored()
    {
        using var few = new SmallReport(options: new GroundingReportOptions { Images = 5 });
        using var data = JsonDocument.Parse(DataOf(File.ReadAllText(few.Path)));

        Assert.AreEqual(5, data.RootElement.GetProperty("images").GetArrayLength());
        Assert.AreEqual(
            SmallReport.Images,
            data.RootElement.GetProperty("scores")[0].GetProperty("attributes")[0].GetProperty("count").GetInt32()
        );
    }

    [TestMethod]
    public void WithoutAnnotationsThereAreMapsAndNoScores()
    {
        using var folder = new TemporaryFolder();
        var report = new GroundingReport();
        using GroundedImage annotated = SmallReport.Image(0, "a.png", "");
        using GroundedImage image = new()
        {
            Image = annotated.Image,
            Geometry = annotated.Geometry,
            Queries = annotated.Queries,
            Methods = annotated.Methods,
        };
        report.Add(image);

        report.Save(Path.Combine(folder.Path, "plain.html"));

        using var data = JsonDocument.Parse(DataOf(File.ReadAllText(Path.Combine(folder.Path, "plain.html"))));
        Assert.AreEqual(JsonValueKind.Null, data.RootElement.GetProperty("scores")[0].GetProperty("mean").GetProperty("mpir")[0].ValueKind);
        Assert.AreEqual(JsonValueKind.Null, data.RootElement.GetProperty("images")[0].GetProperty("hit")[0][0].ValueKind);
        Assert.AreEqual(1.0 / 24, data.RootElement.GetProperty("images")[0].GetProperty("area")[0][0].GetDouble(), 1e-5);
    }

    [TestMethod]
    public void AnEvaluationsScoresAreFoundByName()
    {
        using var small = new SmallReport();
        GroundedImage[] images = [.. Enumerable.Range(0, 4).Select(index => SmallReport.Image(index, "", ""))];
        var report = new GroundingReport();
        Array.ForEach(images, report.Add);
        var scores = new ReportScores(
            SmallReport.Queries,
            SmallReport.Methods,
            new MapGrid(SmallReport.Grid, SmallReport.Grid),
            images[0],
            new GroundingReportOptions()
        );
        for (int index = 0; index < images.Length; index++)
        {
            scores.Add(scores.Score(ReportRow.Of(index, images[index])), []);
        }

        MethodEvaluation evaluation = scores.Summarize();
        MethodEvaluation reversed = evaluation with
        {
            Attributes = [.. evaluation.Attributes.Reverse()],
            Methods = [.. evaluation.Methods.Reverse().Select(method => method with { Attributes = [.. method.Attributes.Reverse()] })],
        };
        report.Save(small.Path, evaluation);
        string expected = ScoresOf(small.Path);
        Assert.Contains("\"count\":4,\"equalArea\":[", expected);
        report.Save(small.Path, reversed);
        Assert.AreEqual(expected, ScoresOf(small.Path));

        MethodEvaluation lacking = evaluation with { Attributes = ["beak", "eye"] };
        Assert.Contains(
            "no query 'crest', only: beak, eye",
            Assert.ThrowsExactly<ArgumentException>(() => report.Save(small.Path, lacking)).Message
        );
        MethodEvaluation other = evaluation with { RegionThreshold = 0.3 };
        string message = Assert.ThrowsExactly<ArgumentException>(() => report.Save(small.Path, other)).Message;
        Assert.Contains("0.3", message);
        Assert.Contains("0.05", message);
        Array.ForEach(images, image => image.Dispose());

        static string ScoresOf(string path)
        {
            using var data = JsonDocument.Parse(DataOf(File.ReadAllText(path)));
            return data.RootElement.GetProperty("scores").GetRawText();
        }
    }

    [TestMethod]
    public void AReportOfAViewCountsImagesThatCouldNotBeDecoded()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "report.html");
        var context = new MLContext();
        GroundedImage[] images = [.. Enumerable.Range(0, 5).Select(index => SmallReport.Image(index, "", ""))];
        IDataView data = context.Data.FilterByCustomPredicate<NumberRow>(ViewOf(images, without: [1, 3]), _ => false);
        Assert.IsNull(data.GetRowCount());

        context.Grounding.WriteReport(data, path);

        using var report = JsonDocument.Parse(DataOf(File.ReadAllText(path)));
        Assert.AreEqual(3, report.RootElement.GetProperty("total").GetInt32());
        Assert.AreEqual(2, report.RootElement.GetProperty("failed").GetInt32());
        Assert.AreEqual(3, report.RootElement.GetProperty("images").GetArrayLength());
        Array.ForEach(images, image => image.Dispose());
    }

    [TestMethod]
    public void TheScoresAreThoseOfAnEvaluationOfAllImagesAtOnce()
    {
        const int count = 5;
        GroundedImage[] images = [.. Enumerable.Range(0, count).Select(index => SmallReport.Image(index, "", ""))];
        var scores = new ReportScores(
            SmallReport.Queries,
            SmallReport.Methods,
            new MapGrid(SmallReport.Grid, SmallReport.Grid),
            images[0],
            new GroundingReportOptions()
        );
        for (int index = 0; index < count; index++)
        {
            scores.Add(scores.Score(ReportRow.Of(index, images[index])), []);
        }

        MethodEvaluation expected = new MLContext().Grounding.EvaluateMethods(
            ViewOf(images, without: []),
            new MethodEvaluationOptions
            {
                ImageIdColumnName = "Number",
                Thresholds = [],
                FixedAreas = [0.05],
                SwappedQueries = new Dictionary<string, string>(),
                ChanceDraws = 1024,
            }
        );
        Assert.AreEqual(expected.ToJson(), scores.Summarize().ToJson());
        Array.ForEach(images, image => image.Dispose());
    }

    [TestMethod]
    public void ImagesWithoutKeyPointsTakeNoScoresFromOthers()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "report.html");
        var report = new GroundingReport();
        using GroundedImage first = SmallReport.Image(0, "a.png", "");
        using GroundedImage second = SmallReport.Image(1, "b.png", "");
        report.Add(With(first, [], []));
        report.Add(second);
        report.Add(With(first, [], []));

        report.Save(path);

        using var data = JsonDocument.Parse(DataOf(File.ReadAllText(path)));
        Assert.AreEqual(3, data.RootElement.GetProperty("total").GetInt32());
        Assert.AreEqual(1, data.RootElement.GetProperty("scores")[0].GetProperty("attributes")[0].GetProperty("count").GetInt32());
        Assert.IsGreaterThan(0, data.RootElement.GetProperty("baselines").GetArrayLength());
        Assert.Contains("'a.png' has 2 key points, the images before it 15", Refused(With(first, new float[4], new float[2])));
        Assert.Contains("'a.png' has 4 coordinates of 15 key points", Refused(With(first, new float[4], new float[15])));

        string Refused(GroundedImage image) => Assert.ThrowsExactly<ArgumentException>(() => report.Add(image)).Message;

        static GroundedImage With(GroundedImage image, float[] keyPoints, float[] visible) =>
            new()
            {
                Image = image.Image,
                Geometry = image.Geometry,
                Queries = image.Queries,
                Methods = image.Methods,
                Name = image.Name,
                KeyPoints = keyPoints,
                KeyPointVisible = visible,
            };
    }

    [TestMethod]
    public void ImagesWhoseKeyPointsCountForOtherWordsAreRefused()
    {
        var report = new GroundingReport();
        using GroundedImage first = SmallReport.Image(0, "a.png", "");
        report.Add(first);
        GroundedImage other = new()
        {
            Image = first.Image,
            Geometry = first.Geometry,
            Queries = first.Queries,
            Methods = first.Methods,
            Name = "b.png",
            KeyPoints = first.KeyPoints,
            KeyPointVisible = first.KeyPointVisible,
            KeyPointDescription = new KeyPointDescription
            {
                KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["beak"] = [2], ["eye"] = [6, 10] },
            },
        };

        string message = Assert.ThrowsExactly<ArgumentException>(() => report.Add(other)).Message;

        Assert.Contains("'b.png' has the key points [2] for 'beak', the images before it [1]", message);
    }

    [TestMethod]
    public void AMapThatCouldNotBeComputedCostsNoOther()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "report.html");
        var report = new GroundingReport();
        using GroundedImage whole = SmallReport.Image(0, "a.png", "");
        using GroundedImage partly = SmallReport.Image(0, "b.png", "");
        const int cells = SmallReport.Grid * SmallReport.Grid;
        Fill(partly.Methods[0].Maps[..cells], float.NaN);
        Fill(partly.Layers!.FineAttention[..(6 * cells)], float.NaN);
        Assert.IsFalse(partly.Failed);
        report.Add(whole);
        report.Add(partly);
        foreach (GroundedMaps maps in partly.Methods)
        {
            Fill(maps.Maps, float.NaN);
        }

        Assert.IsTrue(partly.Failed);
        report.Add(partly);

        report.Save(path);

        using var data = JsonDocument.Parse(DataOf(File.ReadAllText(path)));
        Assert.AreEqual(2, data.RootElement.GetProperty("total").GetInt32());
        Assert.AreEqual(1, data.RootElement.GetProperty("failed").GetInt32());
        JsonElement attributes = data.RootElement.GetProperty("scores")[0].GetProperty("attributes");
        Assert.AreEqual(1, attributes[0].GetProperty("count").GetInt32(), "the beak of one image");
        Assert.AreEqual(2, attributes[1].GetProperty("count").GetInt32(), "the eye of both");
        JsonElement image = data.RootElement.GetProperty("images")[1];
        CollectionAssert.AreEqual(
            (int?[])[null, 0, null],
            image
                .GetProperty("hit")[0]
                .EnumerateArray()
                .Select(hit => hit.ValueKind == JsonValueKind.Null ? (int?)null : hit.GetInt32())
                .ToArray()
        );
        Assert.IsTrue(image.GetProperty("maps").GetBytesFromBase64()[..cells].All(value => value == 0));

        static void Fill(ReadOnlyMemory<float> values, float value)
        {
            Assert.IsTrue(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(values, out ArraySegment<float> array));
            array.AsSpan().Fill(value);
        }
    }

    [TestMethod]
    public void OfAnImageThatIsNotShownOnlyItsScoresAreKept()
    {
        const int grid = 64;
        const int count = 64;
        var report = new GroundingReport(new GroundingReportOptions { Images = 0 });
        using GroundedImage small = SmallReport.Image(0, "", "");
        report.Add(Large());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int image = 0; image < count; image++)
        {
            report.Add(Large());
        }

        long kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        Assert.IsLessThan(SmallReport.Queries.Length * grid * grid * sizeof(float) / 2, kept, "bytes of an image");
        GC.KeepAlive(report);

        GroundedImage Large() =>
            new()
            {
                Image = small.Image,
                Geometry = SquareGeometry.Create(ImageFit.Pad, small.Image.Width, small.Image.Height, grid * 14, grid),
                Queries = SmallReport.Queries,
                Methods =
                [
                    new GroundedMaps(
                        "first",
                        (float[])[.. Enumerable.Range(0, SmallReport.Queries.Length * grid * grid).Select(cell => (float)cell)]
                    ),
                ],
                KeyPoints = small.KeyPoints,
                KeyPointVisible = small.KeyPointVisible,
                KeyPointDescription = small.KeyPointDescription,
            };
    }

    [TestMethod]
    public void ImagesOfOtherQueriesAreRefused()
    {
        var report = new GroundingReport();
        using GroundedImage first = SmallReport.Image(0, "a.png", "");
        using GroundedImage second = SmallReport.Image(1, "b.png", "");
        using GroundedImage other = new()
        {
            Image = second.Image,
            Geometry = second.Geometry,
            Queries = ["beak", "tail", "crest"],
            Methods = second.Methods,
            Name = "b.png",
        };
        report.Add(first);

        Assert.Contains("b.png", Assert.ThrowsExactly<ArgumentException>(() => report.Add(other)).Message);
    }

    [TestMethod]
    public void AFailedSaveLeavesTheOldReport()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "report.html");
        File.WriteAllText(path, "old");
        var report = new GroundingReport();
        using GroundedImage image = SmallReport.Image(0, "a.png", "");
        report.Add(image);
        MethodEvaluation of = new()
        {
            Rows = "",
            ImageCount = 0,
            FailedImageCount = 0,
            Attributes = [],
            RegionThreshold = 0.05,
            Thresholds = [],
            FixedAreas = [],
            ThresholdsChosenOn = null,
            PartPositionsLearnedOn = null,
            BootstrapReplicates = 1,
            Confidence = 0.95,
            Seed = 1,
            Methods = [],
        };

        Assert.Contains("first", Assert.ThrowsExactly<ArgumentException>(() => report.Save(path, of)).Message);
        Assert.AreEqual("old", File.ReadAllText(path));

        report.Save(path);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void OptionsOutOfRangeAreNamed()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GroundingReport(new GroundingReportOptions { RegionThreshold = 1.5 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GroundingReport(new GroundingReportOptions { ImageEdge = 1 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GroundingReport(new GroundingReportOptions { ImageQuality = 101 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GroundingReport(new GroundingReportOptions { Images = -1 }));
    }

    private static ListView<GroundedImage> ViewOf(GroundedImage[] images, int[] without)
    {
        int[] dimensions = [SmallReport.Queries.Length, SmallReport.Grid, SmallReport.Grid];
        return new ListView<GroundedImage>(
            images,
            [
                ListColumn<GroundedImage>.Scalar("Number", NumberDataViewType.Int32, image => Array.IndexOf(images, image)),
                new(
                    new("Image", new ImageDataViewType()),
                    row =>
                        (ValueGetter<MLImage>)(
                            (ref MLImage image) => image = (without.Contains(Array.IndexOf(images, row())) ? null : row().Image)!
                        )
                ),
                ListColumn<GroundedImage>.Vector(
                    "Geometry",
                    [ImageGeometry.Length],
                    image =>
                    {
                        float[] geometry = new float[ImageGeometry.Length];
                        image.Geometry.CopyTo(geometry);
                        return geometry;
                    }
                ),
                ListColumn<GroundedImage>.Vector(
                    "KeyPoints",
                    [15, 2],
                    image => image.KeyPoints.ToArray(),
                    add: CubParts.Description.Annotate
                ),
                ListColumn<GroundedImage>.Vector("KeyPointVisible", [15], image => image.KeyPointVisible.ToArray()),
                ListColumn<GroundedImage>.Vector("BoundingBox", [4], image => image.BoundingBox.ToArray()),
                .. SmallReport.Methods.Select(
                    (method, index) =>
                        ListColumn<GroundedImage>.Vector(
                            $"GroundingMaps.{method}",
                            dimensions,
                            image => image.Methods[index].Maps.ToArray()
                        ) with
                        {
                            Column = ColumnAnnotations.Vector(
                                $"GroundingMaps.{method}",
                                dimensions,
                                ["query", "row", "column"],
                                SmallReport.Queries
                            ),
                        }
                ),
            ]
        );
    }

    private static string DataOf(string page) =>
        WebUtility.HtmlDecode(
            Regex.Match(page, "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value
        );

    private static string WithoutData(string page) =>
        page.Remove(page.IndexOf("<script type=\"application/json\"", StringComparison.Ordinal));

    private sealed class NumberRow
    {
        public int Number { get; set; }
    }
}
