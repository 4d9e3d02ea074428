using Microsoft.Playwright;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Tool;

/// <summary>The page that <c>ask --html</c> writes, in a browser.</summary>
[TestClass]
public sealed class AnswerPageTests
{
    private const string Question = "What color is the beak?";

    private static readonly ToolRun Run = new();

    private static string PagePath => Path.Combine(Run.Folder, "page.html");

    [ClassInitialize]
    public static Task AskAsync(TestContext _) =>
        Run.MustRunAsync("ask", Path.Combine(Run.Photos, "a.png"), Question, "What color is the wing?", "--html", PagePath);

    [ClassCleanup]
    public static void Cleanup() => Run.Dispose();

    [TestMethod]
    [DataRow(ColorScheme.Light, 1280)]
    [DataRow(ColorScheme.Dark, 390)]
    public async Task ItHasNoFault(ColorScheme scheme, int width)
    {
        await using OpenReport page = await OpenReport.AtAsync(PagePath, OpenPage.Screen(scheme, width));

        Assert.AreEqual(Question, await page.Page.Locator(".question").First.InnerTextAsync());
        await page.ShouldBeSoundAsync("ask");
        await page.Page.Locator("#answers button").Last.ClickAsync();
        await page.ShouldBeSoundAsync("ask-second");
    }

    [TestMethod]
    public async Task EveryWordIsReachedByTheTabKeyAndShowsIt()
    {
        await using OpenReport page = await OpenReport.AtAsync(PagePath);

        await page.EveryControlShouldBeReachedAsync();
    }
}
