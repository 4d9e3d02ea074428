using Microsoft.Playwright;

namespace MLNetGrounding.Report;

/// <summary>A report, opened from its file, and all that went wrong on its page.</summary>
internal sealed class OpenReport : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    private OpenReport(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
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
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                _problems.Add($"request: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public ILocator Cards => Page.Locator("#cards button");

    public ILocator Dialog => Page.Locator("dialog");

    public static async Task<OpenReport> AtAsync(string path, BrowserNewContextOptions? options = null)
    {
        IBrowser browser = await Browser.StartAsync();
        IBrowserContext context = await browser.NewContextAsync(
            options
                ?? new BrowserNewContextOptions
                {
                    ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
                }
        );
        var report = new OpenReport(context, await context.NewPageAsync());
        report.Page.SetDefaultTimeout(20_000);
        await report.Page.GotoAsync(new Uri(path).AbsoluteUri);
        await report.Page.WaitForSelectorAsync(
            "html[data-ready]",
            new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached }
        );
        return report;
    }

    /// <summary>The accessible names of the cards on the page: what stands on them, parted by commas.</summary>
    public async Task<IReadOnlyList<string>> CardNamesAsync() =>
        await Cards.EvaluateAllAsync<string[]>("cards => cards.map(card => card.textContent)");

    public Task ChooseOutcomeAsync(string outcome) =>
        Page.Locator($"input[name=outcome][value={outcome}]").CheckAsync(new LocatorCheckOptions { Force = true });

    /// <summary>Whether an element of this selector has the focus.</summary>
    public Task<bool> HasFocusAsync(string selector) =>
        Page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector);

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.IsEmpty(_problems, string.Join('\n', _problems));
    }
}
