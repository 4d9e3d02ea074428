using Microsoft.Playwright;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>The report on paper.</summary>
[TestClass]
public sealed class PrintTests
{
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
    public async Task PaperIsWhiteAndShowsNoControlsWhateverTheThemeIs()
    {
        await using OpenReport report = await OpenReport.AtAsync(
            Report.Value.Path,
            new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark }
        );
        await report.Page.ClickAsync("#theme");
        await report.Page.ClickAsync("#theme");
        Assert.AreEqual("dark", await report.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));

        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });

        Assert.AreEqual("rgb(255, 255, 255)", await ColorAsync("body", "backgroundColor"));
        Assert.AreEqual("rgb(25, 28, 34)", await ColorAsync("#table", "color"));
        Assert.AreEqual(
            0,
            await report.Page.Locator(".filters:visible, #theme:visible, .panel-actions:visible, .fields:visible").CountAsync()
        );
        Assert.IsTrue(await report.Page.Locator("#head-map").IsVisibleAsync());

        Task<string> ColorAsync(string selector, string property) =>
            report.Page.Locator(selector).EvaluateAsync<string>($"node => getComputedStyle(node).{property}");
    }

    [TestMethod]
    public async Task EveryMapIsDrawnOnPaperAlsoWhereNobodyScrolled()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await report.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");

        int empty = await report.Page.EvaluateAsync<int>(
            """
            () => [...document.querySelectorAll('#cards canvas')].filter(canvas =>
              !canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0)).length
            """
        );

        Assert.IsGreaterThan(40, await report.Cards.CountAsync());
        Assert.AreEqual(0, empty);
        byte[] pdf = await report.Page.PdfAsync();
        Assert.IsTrue(pdf.AsSpan().StartsWith("%PDF"u8));
    }

    [TestMethod]
    public async Task AnOpenImageIsPrintedAlone()
    {
        await using OpenReport report = await OpenReport.AtAsync(Report.Value.Path);
        await report.Cards.First.ClickAsync();

        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });

        Assert.IsFalse(await report.Page.Locator("#tiles").IsVisibleAsync());
        Assert.IsTrue(await report.Page.Locator("#detail-picture").IsVisibleAsync());
        Assert.AreEqual("visible", await report.Dialog.EvaluateAsync<string>("dialog => getComputedStyle(dialog).overflowY"));
    }
}
