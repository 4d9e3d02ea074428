using Microsoft.Playwright;
using MLNetGrounding.Report;

namespace WebService;

/// <summary>The page in a browser, as a user sees it.</summary>
[TestClass]
public sealed class PageTests
{
    [TestMethod]
    [DataRow("light", ColorScheme.Light, 1100)]
    [DataRow("dark", ColorScheme.Dark, 1100)]
    [DataRow("phone", ColorScheme.Light, 390)]
    public async Task AnUploadedImageIsShownWithWhereTheModelLooks(string name, ColorScheme scheme, int width)
    {
        IBrowser browser = await Browser.StartAsync();
        await using RunningService service = await RunningService.StartAsync();
        await using IBrowserContext context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                ColorScheme = scheme,
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
            }
        );
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        List<string> problems = [];
        page.Console += (_, message) => problems.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => problems.Add(error);
        page.Request += (_, request) =>
            problems.AddRange(
                request.Url.StartsWith(service.Client.BaseAddress!.ToString(), StringComparison.Ordinal)
                || request.Url.StartsWith("data:", StringComparison.Ordinal)
                    ? []
                    : [request.Url]
            );

        await page.GotoAsync(service.Client.BaseAddress!.ToString());
        await page.WaitForSelectorAsync("html[data-ready]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        Assert.AreEqual(4, await page.Locator("#words input").CountAsync());
        await page.GetByLabel("wing").UncheckAsync();
        await page.GetByLabel("Image").SetInputFilesAsync(service.Paths[0]);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Look" }).ClickAsync();
        await page.WaitForSelectorAsync("#results li");

        string[] shown = [.. await page.Locator("#results h2").AllInnerTextsAsync()];
        CollectionAssert.AreEqual(new[] { "beak", "eye", "tail" }, shown);
        Assert.AreEqual(3, await page.Locator("#results rect").CountAsync());
        Assert.IsTrue(
            await page.EvaluateAsync<bool>("[...document.querySelectorAll('#results img')].every(image => image.naturalWidth > 0)")
        );
        Assert.Contains("pixels", await page.Locator("#status").InnerTextAsync());
        Assert.IsFalse(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"),
            "nothing is wider than the page"
        );
        if (Environment.GetEnvironmentVariable("GROUNDING_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"web-{name}.png"), FullPage = true });
        }

        Assert.IsEmpty(problems, string.Join('\n', problems));
    }

    [TestMethod]
    public async Task WhatTheServiceRefusesIsSaidOnThePage()
    {
        IBrowser browser = await Browser.StartAsync();
        await using RunningService service = await RunningService.StartAsync();
        await using IBrowserContext context = await browser.NewContextAsync();
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(service.Client.BaseAddress!.ToString());
        await page.WaitForSelectorAsync("html[data-ready]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        await page.GetByLabel("Image")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "no-image.png",
                    MimeType = "image/png",
                    Buffer = [1, 2, 3],
                }
            );
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Look" }).ClickAsync();
        await page.WaitForSelectorAsync("#status.bad");
        Assert.Contains("cannot be read", await page.Locator("#status").InnerTextAsync());
        foreach (ILocator box in await page.Locator("#words input").AllAsync())
        {
            await box.UncheckAsync();
        }

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Look" }).ClickAsync();
        Assert.Contains("at least one word", await page.Locator("#status").InnerTextAsync());
    }
}
