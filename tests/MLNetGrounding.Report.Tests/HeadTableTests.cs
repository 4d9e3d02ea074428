using System.Text.Json;

namespace MLNetGrounding.Report;

/// <summary>Heads over all images, equal area and the choice of images, against plain statements of what they are.</summary>
[TestClass]
public sealed class HeadTableTests
{
    private const int Cells = HeadReport.Grid * HeadReport.Grid;
    private const int HeadCount = HeadReport.Layers * HeadReport.Heads;

    private static readonly Lazy<HeadReport> Report = new(() => new HeadReport());

    [ClassCleanup]
    public static void Cleanup()
    {
        if (Report.IsValueCreated)
        {
            Report.Value.Dispose();
        }
    }

    [TestMethod]
    public void EveryHeadsNumbersAreMeansOverTheImages()
    {
        using JsonDocument data = ReportJson.Of(Report.Value.Path);
        JsonElement heads = data.RootElement.GetProperty("heads");
        Assert.AreEqual(HeadReport.Layers, heads.GetProperty("layers").GetInt32());
        Assert.AreEqual(HeadReport.Heads, heads.GetProperty("heads").GetInt32());
        Assert.AreEqual(HeadReport.Images, heads.GetProperty("images").GetInt32());
        JsonElement[] queries = [.. heads.GetProperty("queries").EnumerateArray()];
        CollectionAssert.AreEqual(
            (string[])[.. HeadReport.Queries, "all"],
            queries.Select(query => query.GetProperty("name").GetString()).ToArray()
        );
        GroundedImage[] images = [.. Enumerable.Range(0, HeadReport.Images).Select(HeadReport.Image)];
        (double hits, int scored) = (0, 0);
        for (int query = 0; query < HeadReport.Queries.Length; query++)
        {
            GroundedImage[] seen = [.. images.Where(image => PointOf(image, query) is not null)];
            Assert.AreEqual(HeadReport.Images, queries[query].GetProperty("images").GetInt32());
            Assert.AreEqual(seen.Length, queries[query].GetProperty("scored").GetInt32());
            double[] hitRate = Numbers(queries[query], "hitRate");
            Assert.HasCount(seen.Length == 0 ? 0 : HeadCount, hitRate);
            for (int head = 0; head < HeadCount; head++)
            {
                float[] MapOf(GroundedImage image) =>
                    image.Layers!.FineAttention.Slice(((query * HeadCount) + head) * Cells, Cells).ToArray();
                Assert.AreEqual(images.Average(image => Entropy(MapOf(image))), Numbers(queries[query], "entropy")[head], 1e-4);
                Assert.AreEqual(images.Average(image => Compactness(MapOf(image))), Numbers(queries[query], "compactness")[head], 1e-4);
                Assert.AreEqual(
                    images.Average(image => Entropy(MapOf(image)) <= 0.8 && Compactness(MapOf(image)) >= 0.5 ? 1.0 : 0),
                    Numbers(queries[query], "kept")[head],
                    1e-4
                );
                if (seen.Length > 0)
                {
                    double rate = seen.Average(image => HitsAtEqualArea(MapOf(image), image, query) ? 1.0 : 0);
                    Assert.AreEqual(rate, hitRate[head], 1e-4);
                    hits += head == HeadReport.Good ? rate * seen.Length : 0;
                }
            }

            scored += seen.Length;
        }

        Assert.AreEqual(hits / scored, Numbers(queries[^1], "hitRate")[HeadReport.Good], 1e-4);
        Assert.AreEqual(1, Numbers(queries[0], "hitRate")[HeadReport.Good]);
        Array.ForEach(images, image => image.Dispose());
    }

    [TestMethod]
    public void EqualAreaIsScoredOverAllImagesAndOnEach()
    {
        using JsonDocument data = ReportJson.Of(Report.Value.Path);
        JsonElement root = data.RootElement;
        GroundedImage[] images = [.. Enumerable.Range(0, HeadReport.Images).Select(HeadReport.Image)];
        JsonElement[] attributes = [.. root.GetProperty("scores")[0].GetProperty("attributes").EnumerateArray()];
        for (int query = 0; query < 2; query++)
        {
            GroundedImage[] seen = [.. images.Where(image => PointOf(image, query) is not null)];
            double[] hits = [.. seen.Select(image => HitsAtEqualArea(MapOf(image, query), image, query) ? 1.0 : 0)];

            Assert.AreEqual(hits.Average(), attributes[query].GetProperty("equalArea")[0].GetDouble(), 1e-4);
            double[] shown =
            [
                .. root.GetProperty("images")
                    .EnumerateArray()
                    .Select(image => image.GetProperty("equalArea")[0][query])
                    .Where(hit => hit.ValueKind == JsonValueKind.Number)
                    .Select(hit => hit.GetDouble()),
            ];
            CollectionAssert.AreEqual(hits, shown);
            Assert.IsTrue(hits.Contains(0) && hits.Contains(1), HeadReport.Queries[query]);
        }

        // 5 % of 64 whole cells are 4 of them, of 32 cells 2: every fourth image is half as high.
        JsonElement[] chances = [.. root.GetProperty("equalAreaChance").EnumerateArray()];
        Assert.AreEqual(4.0 / 64, chances[0].GetDouble(), 1e-4);
        Assert.AreEqual(JsonValueKind.Null, chances[2].ValueKind);
        Assert.AreEqual((chances[0].GetDouble() + chances[1].GetDouble()) / 2, chances[3].GetDouble(), 1e-4);
        Array.ForEach(images, image => image.Dispose());
    }

    [TestMethod]
    [DataRow(12, 500)]
    [DataRow(3, 500)]
    [DataRow(7, 4)]
    [DataRow(1, 2)]
    [DataRow(0, 3)]
    [DataRow(60, 500)]
    public void TheBestTheWorstTheFirstAndTheNamedImagesHaveDetails(int details, int images)
    {
        using var report = new HeadReport(
            new GroundingReportOptions
            {
                Details = details,
                Images = images,
                DetailsOf = ["bird-13.png"],
            }
        );
        using JsonDocument data = ReportJson.Of(report.Path);
        (int best, int worst) = ((details + 2) / 3, (details - ((details + 2) / 3) + 1) / 2);
        int[] ranked = [.. Enumerable.Range(0, HeadReport.Images).OrderByDescending(Score).ThenByDescending(MeanRank)];
        int[] first = [.. Enumerable.Range(0, HeadReport.Images).Take(details - best - worst)];
        best = Math.Min(best, ranked.Length);
        worst = Math.Min(worst, ranked.Length - best);

        foreach (JsonElement image in data.RootElement.GetProperty("images").EnumerateArray())
        {
            string name = image.GetProperty("name").GetString()!;
            int index = int.Parse(name[5..7], System.Globalization.CultureInfo.InvariantCulture);
            string[] expected =
            [
                .. ranked.Take(best).Contains(index) ? (string[])["best"] : [],
                .. ranked.TakeLast(worst).Contains(index) ? (string[])["worst"] : [],
                .. index == 13 ? (string[])["chosen"] : [],
            ];
            bool opened = expected.Length > 0 || first.Contains(index);
            Assert.AreEqual(opened, image.TryGetProperty("layers", out _), name);
            Assert.IsTrue(opened || index < images, name);
            if (opened)
            {
                CollectionAssert.AreEqual(
                    expected,
                    image.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()).ToArray(),
                    name
                );
            }
        }

        Assert.AreEqual(
            Enumerable
                .Range(0, HeadReport.Images)
                .Count(index =>
                    index < images
                    || index == 13
                    || first.Contains(index)
                    || ranked.Take(best).Contains(index)
                    || ranked.TakeLast(worst).Contains(index)
                ),
            data.RootElement.GetProperty("images").GetArrayLength()
        );
    }

    [TestMethod]
    public void WithoutTheOptionThereIsNoTableOfHeads()
    {
        using var report = new HeadReport(new GroundingReportOptions { HeadMap = false });
        using JsonDocument data = ReportJson.Of(report.Path);

        Assert.IsFalse(data.RootElement.TryGetProperty("heads", out _));
        Assert.IsTrue(data.RootElement.GetProperty("images").EnumerateArray().Any(image => image.TryGetProperty("layers", out _)));
    }

    [TestMethod]
    public void ImagesOfOtherLayersAreRefused()
    {
        var report = new GroundingReport();
        using GroundedImage first = HeadReport.Image(0);
        using GroundedImage second = HeadReport.Image(1);
        report.Add(first);

        Assert.Contains("'bird-01.png' has 4 layers of 3 heads, the images before it 3 of 4", Refused(4, 3, second.Layers!.FineAttention));
        Assert.Contains("'bird-01.png': Layers must hold attention [3, 3, 4, 8, 8]", Refused(3, 4, new float[5]));
        report.Add(second);

        string Refused(int layers, int heads, ReadOnlyMemory<float> attention) =>
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    report.Add(
                        new GroundedImage
                        {
                            Image = second.Image,
                            Geometry = second.Geometry,
                            Queries = second.Queries,
                            Methods = second.Methods,
                            Name = second.Name,
                            Layers = new GroundedLayers(layers, heads, attention),
                        }
                    )
                )
                .Message;
    }

    private static float[] MapOf(GroundedImage image, int query) => image.Methods[0].Maps.Slice(query * Cells, Cells).ToArray();

    /// <summary>The share of the image's scored queries that hit at equal area.</summary>
    private static double Score(int index)
    {
        using GroundedImage image = HeadReport.Image(index);
        return Enumerable
            .Range(0, 2)
            .Where(query => PointOf(image, query) is not null)
            .Average(query => HitsAtEqualArea(MapOf(image, query), image, query) ? 1.0 : 0);
    }

    /// <summary>The mean share of the frame with values below those at the key points.</summary>
    private static double MeanRank(int index)
    {
        using GroundedImage image = HeadReport.Image(index);
        return Enumerable
            .Range(0, 2)
            .Where(query => PointOf(image, query) is not null)
            .Average(query =>
            {
                float[] map = MapOf(image, query);
                int[] frame = InFrame(image);
                float value = map[PointOf(image, query)!.Value];
                return (frame.Count(cell => map[cell] < value) + 0.5) / frame.Length;
            });
    }

    /// <summary>Whether the point's cell is among the largest that reach 5 % of the image; all its cells are whole.</summary>
    private static bool HitsAtEqualArea(float[] map, GroundedImage image, int query)
    {
        int[] frame = InFrame(image);
        int count = (int)Math.Ceiling(0.05 * frame.Length);
        return frame.OrderByDescending(cell => map[cell]).Take(count).Contains(PointOf(image, query)!.Value);
    }

    private static int[] InFrame(GroundedImage image) =>
        [
            .. Enumerable
                .Range(0, Cells)
                .Where(cell =>
                {
                    (double left, double top, double right, double bottom) = image.Geometry.CellToPixels(
                        cell / HeadReport.Grid,
                        cell % HeadReport.Grid
                    );
                    return left >= 0 && top >= 0 && right <= image.Image.Width && bottom <= image.Image.Height;
                }),
        ];

    private static int? PointOf(GroundedImage image, int query)
    {
        int point = query switch
        {
            0 => 1,
            1 => 6,
            _ => 4,
        };
        return image.KeyPointVisible.Span[point] == 0 ? null
            : image.Geometry.TryGetCell(image.KeyPoints.Span[2 * point], image.KeyPoints.Span[(2 * point) + 1], out int row, out int column)
                ? (row * HeadReport.Grid) + column
            : null;
    }

    private static double Entropy(float[] map)
    {
        double sum = map.Sum(value => (double)value);
        return -map.Where(value => value > 0).Sum(value => value / sum * Math.Log(value / sum)) / Math.Log(map.Length);
    }

    private static double Compactness(float[] map)
    {
        (float minimum, float maximum) = (map.Min(), map.Max());
        HashSet<int> active =
        [
            .. Enumerable.Range(0, map.Length).Where(cell => ((double)map[cell] - minimum) / ((double)maximum - minimum) >= 0.05),
        ];
        int largest = 0;
        HashSet<int> left = [.. active];
        while (left.Count > 0)
        {
            var reached = new Stack<int>([left.First()]);
            left.Remove(reached.Peek());
            int size = 0;
            while (reached.TryPop(out int cell))
            {
                size++;
                foreach (int other in left.Where(each => AreNeighbors(cell, each)).ToArray())
                {
                    left.Remove(other);
                    reached.Push(other);
                }
            }

            largest = Math.Max(largest, size);
        }

        return (double)largest / active.Count;
    }

    private static bool AreNeighbors(int one, int other) =>
        Math.Abs((one / HeadReport.Grid) - (other / HeadReport.Grid)) + Math.Abs((one % HeadReport.Grid) - (other % HeadReport.Grid)) == 1;

    private static double[] Numbers(JsonElement query, string name) =>
        [.. query.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
