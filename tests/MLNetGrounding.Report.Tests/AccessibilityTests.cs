using Microsoft.Playwright;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>What axe finds wrong with the report, view by view.</summary>
[TestClass]
public sealed class AccessibilityTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<HeadReport> Heads = new(() =>
        new HeadReport(new GroundingReportOptions { Description = "Drawn squares." }, images: 6)
    );
    private static readonly Lazy<SmallReport> Methods = new(() => new SmallReport(options: new GroundingReportOptions { Images = 6 }));

    [ClassCleanup]
    public static void Cleanup()
    {
        if (Heads.IsValueCreated)
        {
            Heads.Value.Dispose();
        }

        if (Methods.IsValueCreated)
        {
            Methods.Value.Dispose();
        }

        Folder.Dispose();
    }

    [TestMethod]
    [DataRow(ColorScheme.Light, 1280)]
    [DataRow(ColorScheme.Dark, 1280)]
    [DataRow(ColorScheme.Light, 390)]
    [DataRow(ColorScheme.Dark, 390)]
    public async Task ThePageOfHeadsHasNoFault(ColorScheme scheme, int width)
    {
        await using OpenReport report = await OpenAsync(Heads.Value.Path, scheme, width);

        await report.ShouldBeSoundAsync("heads");
        await report.Cards.First.ClickAsync();
        await report.Page.Locator("#detail-heads li").First.WaitForAsync();
        await report.ShouldBeSoundAsync("heads-image");
    }

    [TestMethod]
    [DataRow(ColorScheme.Light, 1280)]
    [DataRow(ColorScheme.Dark, 390)]
    public async Task ThePageOfMethodsHasNoFault(ColorScheme scheme, int width)
    {
        await using OpenReport report = await OpenAsync(Methods.Value.Path, scheme, width);

        await report.ShouldBeSoundAsync("methods");
        await report.Cards.First.ClickAsync();
        await report.Page.Locator("#detail-methods button").First.WaitForAsync();
        await report.ShouldBeSoundAsync("methods-image");
    }

    [TestMethod]
    [DataRow(ColorScheme.Light)]
    [DataRow(ColorScheme.Dark)]
    public async Task ThePageWithoutAnnotationsHasNoFault(ColorScheme scheme)
    {
        string path = Path.Combine(Folder.Path, "plain.html");
        var plain = new GroundingReport();
        using GroundedImage annotated = HeadReport.Image(0);
        using GroundedImage image = new()
        {
            Image = annotated.Image,
            Geometry = annotated.Geometry,
            Queries = annotated.Queries,
            // Largest in the first cell, which lies in the padding.
            Methods =
            [
                new GroundedMaps("it", (float[])[.. annotated.Methods[0].Maps.Span[..128], 3, .. annotated.Methods[0].Maps.Span[129..]]),
            ],
            Layers = annotated.Layers,
            Name = "plain.png",
        };
        plain.Add(image);
        plain.Save(path);
        await using OpenReport report = await OpenAsync(path, scheme, 1280);

        Assert.IsTrue(await report.Page.Locator("#padding-note").IsVisibleAsync());
        await report.ShouldBeSoundAsync("plain");
        await report.Page.SelectOptionAsync("#attribute", new SelectOptionValue { Label = "crest" });
        await report.Cards.First.ClickAsync();
        Assert.IsTrue(await report.Page.Locator("#detail-padding").IsVisibleAsync());
        await report.ShouldBeSoundAsync("plain-image");
    }

    [TestMethod]
    public async Task EveryControlIsReachedByTheTabKeyAndShowsIt()
    {
        await using OpenReport report = await OpenAsync(Methods.Value.Path, ColorScheme.Light, 1280);

        await report.EveryControlShouldBeReachedAsync();
    }

    [TestMethod]
    public async Task AFaultIsFound()
    {
        await using OpenReport report = await OpenAsync(Heads.Value.Path, ColorScheme.Light, 1280);
        await report.Page.EvaluateAsync("document.querySelector('#search').parentElement.replaceWith(document.querySelector('#search'))");

        Assert.Contains("label", (await report.FaultsAsync()).Select(item => item.Id));
    }

    private static Task<OpenReport> OpenAsync(string path, ColorScheme scheme, int width) =>
        OpenReport.AtAsync(path, OpenPage.Screen(scheme, width));
}
