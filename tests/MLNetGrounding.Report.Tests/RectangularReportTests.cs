using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNetGrounding.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>A report of maps of 10 x 16 cells, made by the pipeline and looked at in a browser.</summary>
[TestClass]
public sealed class RectangularReportTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<string> Page = new(Write);

    [ClassCleanup]
    public static void Cleanup() => Folder.Dispose();

    [TestMethod]
    public void TheDataSaysTheGridAndWhereItLies()
    {
        string html = File.ReadAllText(Page.Value);
        string json = WebUtility.HtmlDecode(
            Regex.Match(html, "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value
        );
        using var data = JsonDocument.Parse(json);

        Assert.AreEqual(
            (10, 16),
            (data.RootElement.GetProperty("gridHeight").GetInt32(), data.RootElement.GetProperty("gridWidth").GetInt32())
        );
        double[][] places =
        [
            [0, 0, 1, 1],
            [0, -0.125, 1, 1.125],
            [0, 87.5 / 300, 1, 212.5 / 300],
        ];
        for (int id = 0; id < 3; id++)
        {
            JsonElement image = data.RootElement.GetProperty("images")[id];
            CollectionAssert.AreEqual(places[id].Select(share => Math.Round(share, 5)).ToArray(), Numbers(image.GetProperty("place")));
            Assert.AreEqual((3 * 16) + 13, image.GetProperty("points")[1][2].GetInt32(), "the cell of the beak");
            Assert.AreEqual(
                (2 * 16) + 7,
                image.GetProperty("points")[13][2].GetInt32(),
                "the cell of the tail, which is not where its map is"
            );
            Assert.AreEqual((1, 0), (image.GetProperty("hit")[0][0].GetInt32(), image.GetProperty("hit")[0][1].GetInt32()));
            Assert.AreEqual(RectangularRows.AreaOf(id), image.GetProperty("area")[0][0].GetDouble(), 1e-4);
        }
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    [DataRow(1, 1)]
    [DataRow(2, 0)]
    [DataRow(2, 1)]
    public async Task ABlockIsDrawnOnItsPixels(int id, int query)
    {
        await using OpenReport report = await OpenReport.AtAsync(Page.Value);
        await report.Page.FillAsync("#search", $"image-{id}");
        await report.Page.SelectOptionAsync("#attribute", RectangularRows.Queries[query]);
        await report.Cards.First.ClickAsync();
        await report.Page.UncheckAsync("#show-region");
        await report.Page.UncheckAsync("#show-points");
        await report.Page.UncheckAsync("#show-box");
        await report.Page.WaitForFunctionAsync("() => document.querySelector('#detail-picture canvas').width > 300");

        // The box of all pixels that the map colors, which is all that is not blue enough for its smallest value.
        JsonElement found = (
            await report.Page.EvaluateAsync(
                """
                () => {
                  const canvas = document.querySelector('#detail-picture canvas');
                  const { width, height } = canvas;
                  const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
                  const box = [width, height, 0, 0];
                  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
                    const [red, , , alpha] = pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 4);
                    if (alpha > 80 && red > 90) {
                      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x + 1); box[3] = Math.max(box[3], y + 1);
                    }
                  }
                  return [box[0] / width, box[1] / height, box[2] / width, box[3] / height];
                }
                """
            )
        )!.Value;

        (double left, double top, double right, double bottom) = RectangularRows.BlockOf(id, query);
        (int imageWidth, int imageHeight) = RectangularRows.SizeOf(id);
        double[] expected = [left / imageWidth, top / imageHeight, right / imageWidth, bottom / imageHeight];
        for (int side = 0; side < 4; side++)
        {
            // Within two pixels of a canvas of over 300.
            Assert.AreEqual(expected[side], found[side].GetDouble(), 2.0 / 300, $"side {side}");
        }
    }

    [TestMethod]
    public async Task HeadsAreShownWithTheirVerdicts()
    {
        await using OpenReport report = await OpenReport.AtAsync(Page.Value);
        await report.Cards.First.ClickAsync();
        await report.Page.Locator("#detail-heads .stack").First.WaitForAsync();

        string[] heads = await report
            .Page.Locator("#detail-heads li")
            .EvaluateAllAsync<string[]>("items => items.map(item => item.innerText)");

        Assert.HasCount(RectangularRows.Heads, heads);
        Assert.Contains("kept", heads[0]);
        Assert.Contains("compactness below 0.5", heads[1]);
        Assert.Contains("entropy above 0.8", heads[2]);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static string Write()
    {
        var context = new MLContext();
        IDataView result = context
            .Transforms.SelectHeads()
            .Append(context.Transforms.MaskByRollout())
            .Fit(RectangularRows.View)
            .Transform(RectangularRows.View);
        string path = Path.Combine(Folder.Path, "report.html");
        context.Grounding.WriteReport(
            result,
            path,
            new GroundingReportOptions { KeyPointTable = RectangularRows.KeyPointTable, Title = "10 x 16 cells" }
        );
        return path;
    }
}
