using Microsoft.Playwright;

namespace MLNetGrounding.Testing;

/// <summary>A report, opened from its file.</summary>
internal sealed class OpenReport : OpenPage
{
    private OpenReport(IBrowserContext context, IPage page)
        : base(context, page) { }

    public ILocator Cards => Page.Locator("#cards button");

    public ILocator Dialog => Page.Locator("dialog");

    public static async Task<OpenReport> AtAsync(string path, BrowserNewContextOptions? options = null)
    {
        IBrowserContext context = await ContextAsync(options);
        OpenReport report = new(context, await context.NewPageAsync());
        await report.GoAsync(new Uri(path));
        return report;
    }

    /// <summary>The accessible names of the cards on the page: what stands on them, parted by commas.</summary>
    public async Task<IReadOnlyList<string>> CardNamesAsync() =>
        await Cards.EvaluateAllAsync<string[]>("cards => cards.map(card => card.textContent)");

    public Task ChooseOutcomeAsync(string outcome) =>
        Page.Locator($"input[name=outcome][value={outcome}]").CheckAsync(new LocatorCheckOptions { Force = true });
}
