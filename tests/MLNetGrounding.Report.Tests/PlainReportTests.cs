using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>A report of images without annotations: maps, regions and their areas, and nothing that looks like a score.</summary>
[TestClass]
public sealed class PlainReportTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<string> Page = new(Write);

    [ClassCleanup]
    public static void Cleanup() => Folder.Dispose();

    [TestMethod]
    public async Task ThePageSaysThatNothingIsScoredAndShowsNoEmptyTables()
    {
        await using OpenReport report = await OpenReport.AtAsync(Page.Value);

        string text = await report.Page.Locator("body").InnerTextAsync();

        Assert.Contains("Not scored: no image has a visible key point", text);
        Assert.DoesNotContain("mPIR", text);
        StringAssert.DoesNotMatch(text, new Regex(@"\b(hit|miss)", RegexOptions.IgnoreCase));
        Assert.DoesNotContain("key point inside", text);
        Assert.DoesNotContain("\u2013", text, "a dash for a number that is not there");
        Assert.AreEqual(
            0,
            await report
                .Page.Locator("#table:visible, #attributes-section:visible, #outcome:visible, .chip.hit:visible, .chip.miss:visible")
                .CountAsync()
        );
        Assert.AreEqual(1, await report.Page.Locator("#tiles > div").CountAsync());
        CollectionAssert.AreEqual(
            (string[])["large", "file"],
            await report.Page.Locator("#order option").EvaluateAllAsync<string[]>("options => options.map(option => option.value)")
        );
        CollectionAssert.AreEqual(
            (string[])
                [
                    "beak, image-0.png, area 5.6 %, layers and heads",
                    "tail, image-0.png, area 5.6 %, layers and heads",
                    "beak, image-1.png, area 7.0 %, layers and heads",
                ],
            (await report.CardNamesAsync()).Take(3).ToArray()
        );
    }

    [TestMethod]
    public async Task AnImageShowsItsRegionsAreaAndNoOutcome()
    {
        await using OpenReport report = await OpenReport.AtAsync(Page.Value);

        await report.Cards.First.ClickAsync();
        string text = await report.Dialog.InnerTextAsync();

        Assert.Contains("The region covers 5.6 % of the image.", text);
        Assert.DoesNotContain("scored", text);
        Assert.DoesNotContain("Key points", text);
        Assert.DoesNotContain("Box", text);
        Assert.AreEqual("tail", await report.Page.Locator("#detail-queries button").Nth(1).GetAttributeAsync("aria-label"));
    }

    [TestMethod]
    public async Task KeyPointsThatCountForNoWordGiveNoScoresEither()
    {
        string path = Path.Combine(Folder.Path, "unknown-points.html");
        List<string> warnings = [];
        Write(path, warnings, "BoundingBox");
        await using OpenReport report = await OpenReport.AtAsync(path);

        string text = await report.Page.Locator("body").InnerTextAsync();

        Assert.Contains("Not scored: no image has a visible key point of what was asked for", text);
        Assert.DoesNotContain("mPIR", text);
        Assert.AreEqual(
            0,
            await report
                .Page.Locator("#table:visible, #attributes-section:visible, #outcome:visible, .chip.hit:visible, .chip.miss:visible")
                .CountAsync()
        );
        Assert.Contains(
            "not scored, because no key point is known for it: 'beak', 'tail'. State points in KeyPointTable",
            warnings.Single()
        );
    }

    [TestMethod]
    public async Task AMapThatIsLargestInThePaddingIsSaidToBe()
    {
        string path = Path.Combine(Folder.Path, "padding.html");
        var report = new GroundingReport();
        // The first row of cells lies above the image, the second at its top.
        using GroundedImage image = new()
        {
            Image = RectangularRows.Image(1),
            Geometry = RectangularRows.Geometry(1),
            Queries = ["above", "inside"],
            Methods = [new GroundedMaps("it", (float[])[.. OneHot(5), .. OneHot(16 + 5)])],
            Name = "padded.png",
        };
        report.Add(image);
        report.Save(path);
        await using OpenReport open = await OpenReport.AtAsync(path);

        await open.Cards.First.ClickAsync();
        Assert.Contains("attention sinks", await open.Page.Locator("#detail-padding").InnerTextAsync());
        await open.Page.Locator("#detail-queries button").Nth(1).ClickAsync();
        Assert.IsFalse(await open.Page.Locator("#detail-padding").IsVisibleAsync());
        await open.Page.Keyboard.PressAsync("Escape");
        string[] names = [.. await open.CardNamesAsync()];
        Assert.Contains("peak in the padding", names.Single(name => name.StartsWith("above", StringComparison.Ordinal)));
        Assert.DoesNotContain("padding", names.Single(name => name.StartsWith("inside", StringComparison.Ordinal)));
        Assert.StartsWith("In 1 map of 2 the peak lies in the padding", await open.Page.Locator("#padding-note").InnerTextAsync());
        Assert.Contains("attention sinks", await open.Page.Locator("#padding-legend").InnerTextAsync());
    }

    private static float[] OneHot(int cell)
    {
        float[] map = new float[RectangularRows.Grid.Cells];
        map[cell] = 1;
        return map;
    }

    private static string Write() => Write(Path.Combine(Folder.Path, "plain.html"), [], "KeyPoints", "KeyPointVisible", "BoundingBox");

    private static string Write(string path, List<string> warnings, params string[] without)
    {
        var context = new MLContext();
        context.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(entry.RawMessage);
            }
        };
        IDataView result = context
            .Transforms.SelectHeads()
            .Append(context.Transforms.MaskByRollout())
            .Append(context.Transforms.DropColumns(without))
            .Fit(RectangularRows.View)
            .Transform(RectangularRows.View);
        context.Grounding.WriteReport(result, path);
        return path;
    }
}
