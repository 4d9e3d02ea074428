using Microsoft.Playwright;

namespace WebService;

/// <summary>The page in a browser, as a user sees it.</summary>
[TestClass]
public sealed class PageTests
{
    private static RunningService? _service;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _) => _service = await RunningService.StartAsync();

    [ClassCleanup]
    public static async Task StopAsync() => await _service!.DisposeAsync();

    [TestMethod]
    [DataRow(ColorScheme.Light, 1100)]
    [DataRow(ColorScheme.Dark, 1100)]
    [DataRow(ColorScheme.Light, 390)]
    [DataRow(ColorScheme.Dark, 390)]
    public async Task AnUploadedImageIsShownWithWhereTheModelLooks(ColorScheme scheme, int width)
    {
        await using OpenPage open = await OpenAsync(scheme, width);
        IPage page = open.Page;
        Assert.AreEqual(4, await page.Locator("#words input").CountAsync());
        await open.ShouldBeSoundAsync("web-empty");

        await page.GetByLabel("wing").UncheckAsync();
        await page.GetByLabel("Image").SetInputFilesAsync(_service!.Paths[0]);
        await Look(page).ClickAsync();
        await page.WaitForSelectorAsync("#results li");

        string[] shown = [.. await page.Locator("#results h2").AllInnerTextsAsync()];
        CollectionAssert.AreEqual(new[] { "beak", "eye", "tail" }, shown);
        Assert.AreEqual(3, await page.Locator("#results rect").CountAsync());
        Assert.IsTrue(
            await page.EvaluateAsync<bool>("[...document.querySelectorAll('#results img')].every(image => image.naturalWidth > 0)")
        );
        Assert.Contains("pixels", await page.Locator("#status").InnerTextAsync());
        await open.ShouldBeSoundAsync("web-answer");
    }

    [TestMethod]
    [DataRow(ColorScheme.Light, 390)]
    [DataRow(ColorScheme.Dark, 1100)]
    public async Task WhatTheServiceRefusesIsSaidOnThePage(ColorScheme scheme, int width)
    {
        await using OpenPage open = await OpenAsync(scheme, width);
        IPage page = open.Page;
        await page.GetByLabel("Image")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "no-image.png",
                    MimeType = "image/png",
                    Buffer = [1, 2, 3],
                }
            );
        await Look(page).ClickAsync();
        await page.WaitForSelectorAsync("#status.bad");
        Assert.Contains("cannot be read", await page.Locator("#status").InnerTextAsync());
        open.Expect("status of 422");
        await open.ShouldBeSoundAsync("web-error");
        foreach (ILocator box in await page.Locator("#words input").AllAsync())
        {
            await box.UncheckAsync();
        }

        await Look(page).ClickAsync();
        Assert.Contains("at least one word", await page.Locator("#status").InnerTextAsync());
    }

    [TestMethod]
    public async Task KeysAreEnough()
    {
        await using OpenPage open = await OpenAsync(ColorScheme.Light, 1100);
        await open.EveryControlShouldBeReachedAsync();
        await open.Page.GetByLabel("Image").SetInputFilesAsync(_service!.Paths[1]);

        // From the button, which has the focus, back to the last word but one.
        await open.Page.Keyboard.PressAsync("Shift+Tab");
        await open.Page.Keyboard.PressAsync("Shift+Tab");
        await open.Page.Keyboard.PressAsync(" ");
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForSelectorAsync("#results li");

        string[] shown = [.. await open.Page.Locator("#results h2").AllInnerTextsAsync()];
        CollectionAssert.AreEqual(new[] { "beak", "eye", "tail" }, shown);
    }

    private static Task<OpenPage> OpenAsync(ColorScheme scheme, int width) =>
        OpenPage.AtAsync(_service!.Client.BaseAddress!, OpenPage.Screen(scheme, width));

    private static ILocator Look(IPage page) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Look" });
}
