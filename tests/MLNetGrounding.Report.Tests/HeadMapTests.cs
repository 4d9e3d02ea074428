using Microsoft.Playwright;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>Equal area, heads over all images, and the marks on cards, as a reader sees them.</summary>
[TestClass]
public sealed class HeadMapTests
{
    private static readonly Lazy<HeadReport> Report = new(() =>
        new HeadReport(new GroundingReportOptions { Details = 6, DetailsOf = ["bird-13.png"] })
    );

    [ClassCleanup]
    public static void Cleanup()
    {
        if (Report.IsValueCreated)
        {
            Report.Value.Dispose();
        }
    }

    [TestMethod]
    public async Task EqualAreaIsTheFirstTileAndTheFirstScore()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);

        string tile = await report.Page.Locator("#tiles > div").First.InnerTextAsync();
        Assert.StartsWith("Hit rate at equal area (5 % of the image)", tile);
        Assert.Contains("chance 6.", tile);
        string[] headings = [.. await report.Page.Locator("#table thead th").AllInnerTextsAsync()];
        CollectionAssert.AreEqual((string[])["Attribute", "n", "Equal area, 5 %", "Hit rate", "Median area", "mPIR"], headings);
        string[] names = [.. await report.Page.Locator("#table tfoot th").AllInnerTextsAsync()];
        CollectionAssert.AreEqual((string[])["Mean", "Chance at equal area"], names[..2]);
        Assert.Contains("it proves little alone", await report.Page.Locator("#table-note").InnerTextAsync());
    }

    [TestMethod]
    public async Task TheMapShowsEveryHeadAndTheBestOfThem()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);
        ILocator cells = report.Page.Locator("#head-map td");

        Assert.AreEqual(HeadReport.Layers * HeadReport.Heads, await cells.CountAsync());
        await report.Page.SelectOptionAsync("#head-query", new SelectOptionValue { Label = "beak" });
        Assert.AreEqual("100", await cells.Nth(HeadReport.Good).InnerTextAsync());
        Assert.AreEqual("true", await cells.Nth(HeadReport.Good).GetAttributeAsync("aria-selected"));
        Assert.AreEqual("Layer 1, head 2", await report.Page.Locator("#one-head-heading").InnerTextAsync());
        Assert.Contains("Highest: layer 1, head 2 (100 %)", await report.Page.Locator("#head-map-legend").InnerTextAsync());
        string note = await report.Page.Locator("#head-map-note").InnerTextAsync();
        Assert.Contains("Chance, maps with their cells in random order: 6.", note);
        Assert.Contains("The best of 12 heads that know nothing would reach", note);
        Assert.AreEqual(1, await report.Page.Locator("#head-map td.above").CountAsync());

        await report.Page.SelectOptionAsync("#head-measure", new SelectOptionValue { Label = "Entropy" });
        Assert.Contains("Lowest: ", await report.Page.Locator("#head-map-legend").InnerTextAsync());
        Assert.DoesNotContain("Chance", await report.Page.Locator("#head-map-note").InnerTextAsync());
        string[] names = [.. await cells.EvaluateAllAsync<string[]>("all => all.map(cell => cell.getAttribute('aria-label'))")];
        Assert.StartsWith("layer 2, head 3: 0.", names[^1]);
    }

    [TestMethod]
    public async Task AHeadsNumbersStandAttributeByAttribute()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);

        await report.Page.Locator("#head-map td").Nth(HeadReport.Good).ClickAsync();

        string[] rows = [.. await report.Page.Locator("#one-head tbody th").AllInnerTextsAsync()];
        CollectionAssert.AreEqual((string[])[.. HeadReport.Queries, "all"], rows);
        string[] beak = [.. await report.Page.Locator("#one-head tbody tr").First.Locator("td").AllInnerTextsAsync()];
        Assert.AreEqual("100 %", beak[0]);
        Assert.StartsWith("6.", beak[1]);
        string[] crest = [.. await report.Page.Locator("#one-head tbody tr").Nth(2).Locator("td").AllInnerTextsAsync()];
        Assert.AreEqual("\u2013", crest[0], "the crest is not scored");
        await report.Page.SelectOptionAsync("#head-query", new SelectOptionValue { Label = "crest" });
        Assert.Contains("No head has a value", await report.Page.Locator("#head-map-legend").InnerTextAsync());
    }

    [TestMethod]
    public async Task ArrowsMoveThroughTheMap()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);
        ILocator cells = report.Page.Locator("#head-map td");
        await cells.First.ClickAsync();

        foreach (
            (string key, int expected) in ((string, int)[])
                [
                    ("ArrowRight", 1),
                    ("ArrowDown", 5),
                    ("End", 7),
                    ("ArrowRight", 7),
                    ("PageDown", 11),
                    ("Home", 8),
                    ("ArrowUp", 4),
                    ("ArrowLeft", 4),
                    ("PageUp", 0),
                ]
        )
        {
            await report.Page.Keyboard.PressAsync(key);
            Assert.AreEqual("true", await cells.Nth(expected).GetAttributeAsync("aria-selected"), key);
            Assert.IsTrue(
                await report.HasFocusAsync($"#head-map tbody tr:nth-child({(expected / 4) + 1}) td:nth-of-type({(expected % 4) + 1})"),
                key
            );
        }

        // One stop for the tab key, the chosen cell.
        Assert.AreEqual(1, await report.Page.Locator("#head-map td[tabindex='0']").CountAsync());
    }

    [TestMethod]
    public async Task CardsSayWhichImagesAreTheBestTheWorstAndTheChosen()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);

        await report.Page.CheckAsync("#only-heads");

        IReadOnlyList<string> names = await report.CardNamesAsync();
        Assert.IsTrue(names.All(name => name.EndsWith("layers and heads", StringComparison.Ordinal)), string.Join('\n', names));
        foreach (string reason in (string[])["best", "worst", "chosen"])
        {
            string[] marked = [.. names.Where(name => name.Contains($", {reason}, ", StringComparison.Ordinal))];
            Assert.HasCount(HeadReport.Queries.Length * (reason == "chosen" ? 1 : 2), marked, reason);
        }

        Assert.Contains("bird-13.png", names.First(name => name.Contains(", chosen, ", StringComparison.Ordinal)));
        Assert.AreEqual(names.Count, await report.Page.Locator("#cards .card-marks:visible").CountAsync());
        await report.Cards.First.ClickAsync();
        await report.Page.Locator("#detail-heads li").First.WaitForAsync();
        Assert.Contains("all images: kept ", await report.Page.Locator("#detail-heads li").First.InnerTextAsync());
    }

    [TestMethod]
    public async Task TheLegendStandsAboveTheCards()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);

        LocatorBoundingBoxResult legend = (await report.Page.Locator(".legend-block").BoundingBoxAsync())!;
        LocatorBoundingBoxResult cards = (await report.Page.Locator("#cards").BoundingBoxAsync())!;

        Assert.IsLessThan(120, cards.Y - legend.Y - legend.Height);
        Assert.IsLessThan(cards.Y, legend.Y);
        Assert.Contains(
            "linear-gradient",
            await report.Page.Locator(".legend-bar").First.EvaluateAsync<string>("bar => getComputedStyle(bar).backgroundImage")
        );
    }
}
