using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MLNetGrounding.Testing;

/// <summary>A page in the browser, and all that went wrong on it.</summary>
internal class OpenPage : IAsyncDisposable
{
    // Rules of WCAG 2.2 that axe knows and leaves out unless asked.
    private static readonly AxeRunOptions Rules = new() { Rules = new() { ["target-size"] = new RuleOptions { Enabled = true } } };

    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];
    private string _origin = "";

    protected OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _problems.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _problems.Add(error);
        page.Dialog += (_, dialog) => _problems.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!new[] { _origin, "blob:", "data:" }.Any(start => request.Url.StartsWith(start, StringComparison.Ordinal)))
            {
                _problems.Add($"request: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Opens a page that says when it is drawn, on a screen of 1280 by 900 unless told otherwise.</summary>
    public static async Task<OpenPage> AtAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        IBrowserContext context = await ContextAsync(options);
        OpenPage page = new(context, await context.NewPageAsync());
        await page.GoAsync(address);
        return page;
    }

    /// <summary>A screen of this width in this color scheme.</summary>
    public static BrowserNewContextOptions Screen(ColorScheme scheme, int width) =>
        new()
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        };

    /// <summary>Whether an element of this selector has the focus.</summary>
    public Task<bool> HasFocusAsync(string selector) =>
        Page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector);

    /// <summary>
    /// Goes through the page by the tab key, once around. Fails where a control is not reached, or is reached and no frame around it,
    /// or around what stands for it, says so.
    /// </summary>
    public async Task EveryControlShouldBeReachedAsync()
    {
        // Of radio buttons of one name, only the chosen one is reached so; arrow keys lead to the others.
        string[] missed = await Page.EvaluateAsync<string[]>(
            """
            () => {
              window.missed = new Set([...document.querySelectorAll("a[href], button, select, input, [tabindex='0']")].filter((each) =>
                each.checkVisibility() && !each.disabled && !(each.type === "radio" && !each.checked)));
              return [...window.missed].map((each) => each.outerHTML.slice(0, 120));
            }
            """
        );
        Assert.IsNotEmpty(missed);
        for (int left = missed.Length; left > 0; left--)
        {
            await Page.Keyboard.PressAsync("Tab");
            string? unseen = await Page.EvaluateAsync<string?>(
                """
                () => {
                  const control = document.activeElement;
                  window.missed.delete(control);
                  const isFramed = (node) => node && getComputedStyle(node).outlineStyle !== "none" && parseFloat(getComputedStyle(node).outlineWidth) >= 2;
                  return isFramed(control) || isFramed(control.nextElementSibling) ? null : control.outerHTML.slice(0, 120);
                }
                """
            );
            Assert.IsNull(unseen, "reached by the tab key, and nothing shows it");
        }

        missed = await Page.EvaluateAsync<string[]>("[...window.missed].map((each) => each.outerHTML.slice(0, 120))");
        Assert.IsEmpty(missed, string.Join('\n', missed));
    }

    /// <summary>Whether the page can be scrolled sideways, which nobody should have to.</summary>
    public Task<bool> IsTooWideAsync() =>
        Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    /// <summary>What axe finds wrong with the page as it stands.</summary>
    public async Task<IReadOnlyList<AxeResultItem>> FaultsAsync()
    {
        AxeResult result = await Page.RunAxe(Rules);
        Assert.IsGreaterThan(5, result.Passes.Length, "axe has looked at the page");
        return result.Violations;
    }

    /// <summary>
    /// Fails where axe finds a fault or the page is wider than the screen. The page is also photographed where
    /// <c>GROUNDING_SCREENSHOTS</c> names a folder, for people to look at.
    /// </summary>
    public async Task ShouldBeSoundAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("GROUNDING_SCREENSHOTS") is { Length: > 0 } folder)
        {
            bool isDark = await Page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches");
            PageViewportSizeResult size = Page.ViewportSize!;
            string file = $"{name}-{(isDark ? "dark" : "light")}-{size.Width}.png";
            // All of it: a report draws what is out of view only where it is printed, and a dialog is as tall as the screen.
            bool hasDialog = await Page.Locator("dialog[open]").CountAsync() > 0;
            await Page.SetViewportSizeAsync(size.Width, hasDialog ? 2400 : size.Height);
            await Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, file), FullPage = !hasDialog });
            await Page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
            await Page.SetViewportSizeAsync(size.Width, size.Height);
        }

        Assert.IsEmpty(
            (await FaultsAsync()).Select(fault =>
                $"{fault.Id} ({fault.Impact}): {fault.Help}: {string.Join("; ", fault.Nodes.Take(5).Select(node => node.Html))}"
            ),
            name
        );
        Assert.IsFalse(await IsTooWideAsync(), $"{name} is wider than the screen");
    }

    /// <summary>Says that a problem with these words belongs to the test; it must have come up.</summary>
    public void Expect(string words) =>
        Assert.AreNotEqual(0, _problems.RemoveAll(problem => problem.Contains(words, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.IsEmpty(_problems, string.Join('\n', _problems));
    }

    protected static async Task<IBrowserContext> ContextAsync(BrowserNewContextOptions? options) =>
        await (await Browser.StartAsync()).NewContextAsync(options ?? Screen(ColorScheme.Light, 1280));

    protected async Task GoAsync(Uri address)
    {
        _origin = address.GetLeftPart(UriPartial.Authority);
        await Page.GotoAsync(address.AbsoluteUri);
        await Page.WaitForSelectorAsync("html[data-ready]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
    }
}
