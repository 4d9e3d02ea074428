using System.Text.Json;
using Microsoft.Playwright;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>The report in a browser, as a reader uses it.</summary>
[TestClass]
public sealed class ReportPageTests
{
    private static readonly Lazy<SmallReport> Small = new(() => new SmallReport());

    [ClassCleanup]
    public static void Cleanup()
    {
        if (Small.IsValueCreated)
        {
            Small.Value.Dispose();
        }
    }

    [TestMethod]
    public async Task FiltersFilter()
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);
        Assert.HasCount(48, await report.CardNamesAsync());
        Assert.Contains("210 maps of 70 images", await report.Page.Locator("#count").InnerTextAsync());

        await report.Page.SelectOptionAsync("#attribute", new SelectOptionValue { Label = "eye" });
        Assert.Contains("70 maps of 70 images", await report.Page.Locator("#count").InnerTextAsync());
        Assert.IsTrue((await report.CardNamesAsync()).All(name => name.StartsWith("eye, miss, ", StringComparison.Ordinal)));

        await report.ChooseOutcomeAsync("hit");
        Assert.IsEmpty(await report.CardNamesAsync());
        Assert.Contains("No image fits", await report.Page.Locator("#count").InnerTextAsync());

        await report.Page.SelectOptionAsync("#attribute", new SelectOptionValue { Label = "All" });
        Assert.IsTrue((await report.CardNamesAsync()).All(name => name.StartsWith("beak, hit, ", StringComparison.Ordinal)));

        await report.Page.FillAsync("#search", "owl");
        Assert.Contains("35 maps of 35 images", await report.Page.Locator("#count").InnerTextAsync());
        Assert.IsTrue((await report.CardNamesAsync()).All(name => name.Contains("Odd Owl", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task TheMethodAppliesToScoresAndPictures()
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);
        Assert.Contains("100.0 %", await report.Page.Locator("#table tbody tr").First.InnerTextAsync());
        await report.ChooseOutcomeAsync("hit");
        Assert.Contains("70 maps", await report.Page.Locator("#count").InnerTextAsync());

        await report.Page.SelectOptionAsync("#method", new SelectOptionValue { Label = "second" });

        Assert.IsEmpty(await report.CardNamesAsync());
        Assert.DoesNotContain("100.0 %", await report.Page.Locator("#table tbody tr").First.InnerTextAsync());
    }

    [TestMethod]
    public async Task TheHighestScoreComesFirstAndTheRestOnRequest()
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);

        await report.Page.ClickAsync("#more");

        Assert.HasCount(96, await report.CardNamesAsync());
        Assert.IsTrue(await report.HasFocusAsync("#cards li:nth-child(49) button"));
        double[] scores = [.. (await report.CardNamesAsync()).Take(96).Select(ScoreOf)];
        CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);

        await report.Page.SelectOptionAsync("#order", "low");
        Assert.AreEqual(0, ScoreOf((await report.CardNamesAsync())[0]));

        static double ScoreOf(string name) =>
            double.Parse(name.Split("mPIR ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [TestMethod]
    public async Task AClickOpensAnImageAndEscapeClosesIt()
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);

        await report.Cards.Nth(3).ClickAsync();

        Assert.IsTrue(await report.Dialog.IsVisibleAsync());
        Assert.IsTrue(await report.HasFocusAsync("dialog *"));
        string first = await report.Page.Locator("#detail-title").InnerTextAsync();
        Assert.StartsWith("bird-", first);
        await report.Page.Keyboard.PressAsync("ArrowRight");
        Assert.AreNotEqual(first, await report.Page.Locator("#detail-title").InnerTextAsync());
        await report.Page.Keyboard.PressAsync("Escape");
        Assert.IsFalse(await report.Dialog.IsVisibleAsync());
        // The focus returns to the picture that was open last, once the browser has told that the dialog is closed.
        await report.Page.WaitForFunctionAsync("() => document.activeElement.matches('#cards li:nth-child(5) button')");
    }

    [TestMethod]
    public async Task AnImageShowsItsLayersAndWhyHeadsWereDropped()
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);
        await report.Page.FillAsync("#search", "bird-01");
        await report.Cards.First.ClickAsync();
        ILocator layers = report.Page.Locator("#detail-layers button");
        await layers.First.WaitForAsync();

        await layers.First.ClickAsync();

        Assert.AreEqual(2, await layers.CountAsync());
        Assert.AreEqual("true", await layers.First.GetAttributeAsync("aria-pressed"));
        Assert.AreEqual("Heads of layer 0", await report.Page.Locator("#heads-heading").InnerTextAsync());
        string[] heads = [.. await report.Page.Locator("#detail-heads li").AllInnerTextsAsync()];
        Assert.HasCount(3, heads);
        Assert.Contains("Head 0: kept", heads[0]);
        Assert.Contains("entropy 0.00", heads[0]);
        Assert.Contains("the same everywhere", heads[1]);
        Assert.Contains("compactness below 0.5", heads[2]);
        Assert.Contains("compactness 0.25", heads[2]);

        await report.Page.Keyboard.PressAsync("Escape");
        await report.Page.FillAsync("#search", "bird-02");
        await report.Cards.First.ClickAsync();
        Assert.IsTrue(await report.Page.Locator("#no-layers").IsVisibleAsync());
    }

    [TestMethod]
    public async Task EverythingIsReachedByKeyboard()
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);
        List<string> reached = [];
        for (int press = 0; press < 40 && !reached.Contains("card"); press++)
        {
            await report.Page.Keyboard.PressAsync("Tab");
            reached.Add(
                await report.Page.EvaluateAsync<string>(
                    "document.activeElement.className.split(' ')[0] || document.activeElement.id || document.activeElement.name"
                )
            );
            Assert.AreNotEqual(
                "none",
                await report.Page.EvaluateAsync<string>(
                    "getComputedStyle(document.activeElement.type === 'radio' ? document.activeElement.nextSibling : document.activeElement).outlineStyle"
                ),
                reached[^1]
            );
        }

        foreach (string stop in (string[])["skip", "method", "table-scroll", "attribute", "outcome", "order", "search", "card"])
        {
            Assert.Contains(stop, reached);
        }

        await report.Page.Keyboard.PressAsync("Enter");
        Assert.IsTrue(await report.Dialog.IsVisibleAsync());
        // The focus stays in the dialog.
        for (int press = 0; press < 25; press++)
        {
            await report.Page.Keyboard.PressAsync("Tab");
            Assert.IsTrue(await report.HasFocusAsync("dialog, dialog *, body"));
        }
    }

    [TestMethod]
    public async Task EveryControlHasAName()
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);
        await report.Cards.First.ClickAsync();

        string[] nameless = await report.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, select, input, [role=img]')]
              .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.[0]?.innerText.trim()))
              .map(node => node.outerHTML.slice(0, 200))
            """
        );

        Assert.IsEmpty(nameless, string.Join('\n', nameless));
        Assert.AreEqual("polite", await report.Page.Locator("#count").GetAttributeAsync("aria-live"));
    }

    [TestMethod]
    public async Task ThePageFollowsTheSystemsThemeUntilAskedOtherwise()
    {
        await using OpenReport light = await OpenReport.AtAsync(
            Small.Value.Path,
            new BrowserNewContextOptions { ColorScheme = ColorScheme.Light }
        );
        await using OpenReport dark = await OpenReport.AtAsync(
            Small.Value.Path,
            new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark }
        );

        (int lightPage, int darkPage) = (await BrightnessAsync(light), await BrightnessAsync(dark));
        await light.Page.ClickAsync("#theme");

        Assert.IsGreaterThan(600, lightPage);
        Assert.IsLessThan(150, darkPage);
        Assert.AreEqual(darkPage, await BrightnessAsync(light));
        Assert.AreEqual("true", await light.Page.Locator("#theme").GetAttributeAsync("aria-pressed"));

        static async Task<int> BrightnessAsync(OpenReport report) =>
            await report.Page.EvaluateAsync<int>(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, value) => sum + Number(value), 0)"
            );
    }

    [TestMethod]
    [DataRow(1280)]
    [DataRow(360)]
    public async Task NothingIsWiderThanThePage(int width)
    {
        await using OpenReport report = await OpenReport.AtAsync(
            Small.Value.Path,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 800 },
            }
        );

        Assert.IsLessThanOrEqualTo(width, await report.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await report.Cards.First.ClickAsync();
        Assert.IsLessThanOrEqualTo(width, await report.Page.EvaluateAsync<int>("document.querySelector('dialog').scrollWidth"));
    }

    [TestMethod]
    [DataRow(1280)]
    [DataRow(360)]
    public async Task PicturesAreShownWholeAndInTheirProportions(int width)
    {
        await using OpenReport report = await OpenReport.AtAsync(
            Small.Value.Path,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 800 },
            }
        );
        // A wide picture whose layers are in the report, then a tall one.
        foreach (string name in (string[])["bird-00", "bird-01"])
        {
            await report.Page.FillAsync("#search", name);
            await report.Cards.First.ClickAsync();
            await report.Page.Locator("#detail-heads .stack").First.WaitForAsync();

            double[][] pictures = await report.Page.EvaluateAsync<double[][]>(
                """
                () => [...document.querySelectorAll('#detail .stack')].map(stack => {
                  const [own, box, image] = [stack.getBoundingClientRect(), stack.parentElement.getBoundingClientRect(), stack.querySelector('img')];
                  const outside = Math.max(box.left - own.left, box.top - own.top, own.right - box.right, own.bottom - box.bottom);
                  return [outside, own.width / own.height - image.naturalWidth / image.naturalHeight, own.width];
                })
                """
            );

            // The picture, the mask, two layers and three heads.
            Assert.HasCount(7, pictures);
            foreach (double[] picture in pictures)
            {
                Assert.IsLessThan(1, picture[0]);
                Assert.AreEqual(0, picture[1], 0.02);
                Assert.IsGreaterThan(60, picture[2]);
            }

            await report.Page.Keyboard.PressAsync("Escape");
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task AHotCellIsDrawnWhereItsPixelsAre(int index)
    {
        await using OpenReport report = await OpenReport.AtAsync(Small.Value.Path);
        await report.Page.FillAsync("#search", $"bird-{index:00}");
        await report.Page.SelectOptionAsync("#attribute", new SelectOptionValue { Label = "crest" });
        await report.Cards.First.ClickAsync();
        await report.Page.UncheckAsync("#show-region");
        using GroundedImage image = SmallReport.Image(index, "", "");
        (int row, int column) = SmallReport.HotCell(index);
        (double left, double top, double right, double bottom) = image.Geometry.CellToPixels(row, column);
        await report.Page.WaitForFunctionAsync("() => document.querySelector('#detail-picture canvas').width > 300");

        // The box of all pixels of the last color, yellow, in shares of the canvas.
        JsonElement found = (
            await report.Page.EvaluateAsync(
                """
                () => {
                  const canvas = document.querySelector('#detail-picture canvas');
                  const { width, height } = canvas;
                  const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
                  const box = [width, height, 0, 0];
                  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
                    const [red, green, blue, alpha] = pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 4);
                    if (alpha > 150 && red > 200 && green > 200 && blue < 80) {
                      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x + 1); box[3] = Math.max(box[3], y + 1);
                    }
                  }
                  return [box[0] / width, box[1] / height, box[2] / width, box[3] / height];
                }
                """
            )
        )!.Value;

        double[] expected =
        [
            left / image.Geometry.ImageWidth,
            top / image.Geometry.ImageHeight,
            right / image.Geometry.ImageWidth,
            bottom / image.Geometry.ImageHeight,
        ];
        for (int side = 0; side < 4; side++)
        {
            // Within two pixels of a canvas of over 300.
            Assert.AreEqual(expected[side], found[side].GetDouble(), 2.0 / 300, $"side {side}");
        }
    }

    [TestMethod]
    public async Task HostileNamesAreText()
    {
        const string attack = "</script><script>window.attacked = 1</script><img src=x onerror=\"window.attacked=2\">'\"&{{script}}<!--";
        using var hostile = new SmallReport(
            name: index => $"{attack}{index}.png",
            label: _ => attack,
            options: new GroundingReportOptions { Title = attack, Description = attack }
        );
        await using OpenReport report = await OpenReport.AtAsync(hostile.Path);

        await report.Cards.First.ClickAsync();

        Assert.AreEqual(attack, await report.Page.Locator("#title").TextContentAsync());
        Assert.AreEqual(attack, await report.Page.TitleAsync());
        Assert.StartsWith(attack, (await report.Page.Locator("#detail-title").TextContentAsync())!);
        Assert.StartsWith(attack, (await report.Page.Locator("#detail-label").TextContentAsync())!);
        Assert.AreEqual("undefined", await report.Page.EvaluateAsync<string>("typeof window.attacked"));
    }
}
