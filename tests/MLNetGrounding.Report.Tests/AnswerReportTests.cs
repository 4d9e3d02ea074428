using Microsoft.ML.Data;
using Microsoft.Playwright;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>Answers on a page: words are buttons, and a chosen one shows its map over the image.</summary>
[TestClass]
public sealed class AnswerReportTests
{
    private const int Grid = 4;
    private const string Evil = "</script><img src=x onerror=alert(1)> & \"quotes\"";

    private static readonly TemporaryFolder Folder = new();

    private static readonly Lazy<string> AnswersOnly = new(() => Write("answers.html", withMethods: false));
    private static readonly Lazy<string> Both = new(() => Write("both.html", withMethods: true));

    [ClassCleanup]
    public static void Cleanup() => Folder.Dispose();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task AWordThatIsChosenShowsItsMap(bool withMethods)
    {
        await using OpenReport report = await OpenReport.AtAsync(withMethods ? Both.Value : AnswersOnly.Value);
        ILocator item = report.Page.Locator("#answers > li").First;
        ILocator buttons = item.Locator("button");
        CollectionAssert.AreEqual(new[] { "door", "dark", "red." }, (await buttons.AllInnerTextsAsync()).ToArray());
        Assert.AreEqual("What color is the door?", await item.Locator(".question").InnerTextAsync());
        Assert.AreEqual("It is dark red.", await item.Locator(".answer-text").InnerTextAsync());

        // The answer's first word is chosen from the beginning.
        Assert.AreEqual("true", await buttons.Nth(1).GetAttributeAsync("aria-pressed"));
        Assert.AreEqual(0, await HotCellAsync(item));
        Assert.Contains("“dark”", await item.Locator("[role=status]").InnerTextAsync());
        Assert.Contains("probability of 0.250", await item.Locator("[role=status]").InnerTextAsync());
        await buttons.Nth(2).ClickAsync();
        Assert.AreEqual("false", await buttons.Nth(1).GetAttributeAsync("aria-pressed"));
        Assert.AreEqual("true", await buttons.Nth(2).GetAttributeAsync("aria-pressed"));
        Assert.AreEqual(15, await HotCellAsync(item));
        Assert.AreEqual(
            "photo.png and where the model looked for “red.”",
            await item.GetByRole(AriaRole.Img).First.GetAttributeAsync("aria-label")
        );
        await buttons.First.ClickAsync();
        Assert.AreEqual(5, await HotCellAsync(item));
        await buttons.First.ClickAsync();
        Assert.AreEqual(0, await item.Locator(".answer-picture img + img").CountAsync(), "chosen again, it shows the image alone");
        Assert.AreEqual(0, await item.Locator("button[aria-pressed=true]").CountAsync());
    }

    [TestMethod]
    public async Task KeysReachEveryWord()
    {
        await using OpenReport report = await OpenReport.AtAsync(AnswersOnly.Value);
        ILocator buttons = report.Page.Locator("#answers > li").First.Locator("button");
        await report.Page.Keyboard.PressAsync("Tab");
        Assert.IsTrue(await report.HasFocusAsync("#answers button"));
        Assert.AreNotEqual("none", await buttons.First.EvaluateAsync<string>("button => getComputedStyle(button).outlineStyle"));
        await report.Page.Keyboard.PressAsync("ArrowRight");
        await report.Page.Keyboard.PressAsync("ArrowRight");
        await report.Page.Keyboard.PressAsync("ArrowRight");
        await report.Page.Keyboard.PressAsync("Enter");
        Assert.AreEqual("true", await buttons.Nth(2).GetAttributeAsync("aria-pressed"));
        await report.Page.Keyboard.PressAsync("ArrowLeft");
        await report.Page.Keyboard.PressAsync(" ");
        Assert.AreEqual("true", await buttons.Nth(1).GetAttributeAsync("aria-pressed"));
        Assert.AreEqual("false", await buttons.Nth(2).GetAttributeAsync("aria-pressed"), "one word is chosen at a time");
    }

    [TestMethod]
    public async Task WhatModelsAndPeopleWriteIsTextAndNoMarkup()
    {
        await using OpenReport report = await OpenReport.AtAsync(AnswersOnly.Value);
        ILocator item = report.Page.Locator("#answers > li").Nth(1);
        Assert.AreEqual(Evil, await item.Locator(".question").InnerTextAsync());
        Assert.AreEqual(Evil, await item.Locator(".answer-text").InnerTextAsync());
        Assert.Contains(Evil, await item.Locator("h3").InnerTextAsync());
        Assert.Contains(Evil, await report.Page.TitleAsync());
        Assert.Contains(Evil, await report.Page.Locator(".lead").InnerTextAsync());
        Assert.AreEqual(0, await report.Page.Locator("img[src=x]").CountAsync());
    }

    [TestMethod]
    [DataRow(false, ColorScheme.Light, 1280)]
    [DataRow(false, ColorScheme.Dark, 390)]
    [DataRow(true, ColorScheme.Light, 390)]
    [DataRow(true, ColorScheme.Dark, 1280)]
    public async Task APageOfAnswersHasNoFault(bool withMethods, ColorScheme scheme, int width)
    {
        string name = withMethods ? "answers-and-maps" : "answers";
        await using OpenReport report = await OpenReport.AtAsync(
            withMethods ? Both.Value : AnswersOnly.Value,
            OpenPage.Screen(scheme, width)
        );

        // The first word of each answer is chosen, then in one none.
        await report.ShouldBeSoundAsync(name);
        await report.Page.Locator("#answers button[aria-pressed=true]").First.ClickAsync();
        await report.ShouldBeSoundAsync($"{name}-none");
    }

    [TestMethod]
    public async Task PrintedTheChosenWordKeepsItsMark()
    {
        await using OpenReport report = await OpenReport.AtAsync(AnswersOnly.Value);
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        ILocator chosen = report.Page.Locator("#answers button[aria-pressed=true]").First;
        Assert.AreEqual("exact", await chosen.EvaluateAsync<string>("button => getComputedStyle(button).printColorAdjust"));
        Assert.IsTrue(await chosen.IsVisibleAsync());
    }

    [TestMethod]
    public void AReportWithoutAnswersHasNoPartForThem()
    {
        using SmallReport report = new();
        string page = File.ReadAllText(report.Path);
        Assert.DoesNotContain("answers-data", page);
        Assert.DoesNotContain("answers-section", page);
    }

    [TestMethod]
    public void AnAnswerOfAnotherGridIsRefusedByItsWord()
    {
        using GroundedImage image = Image("a.png", "q", [Answer("red", [new GroundedWord("red", 0, new float[3])])], withMethods: false);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new GroundingReport().Add(image)).Message, "'red'");
    }

    /// <summary>The cell whose pixel of the drawn map is the least transparent.</summary>
    private static Task<int> HotCellAsync(ILocator item) =>
        item.Locator(".answer-picture img + img")
            .EvaluateAsync<int>(
                """
                async (image) => {
                  await image.decode();
                  const canvas = document.createElement("canvas");
                  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
                  const context = canvas.getContext("2d");
                  context.drawImage(image, 0, 0);
                  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
                  let hot = 0;
                  for (let cell = 0; cell < data.length / 4; cell++) if (data[4 * cell + 3] > data[4 * hot + 3]) hot = cell;
                  return hot;
                }
                """
            );

    private static string Write(string name, bool withMethods)
    {
        GroundingReport report = new(new GroundingReportOptions { Title = $"Answers {Evil}", Description = Evil });
        GroundedAnswer answer = Answer(
            "It is dark red.",
            [Word("dark", 6, 0) with { LogProbability = Math.Log(0.25) }, Word("red.", 11, 15)]
        ) with
        {
            Question = "What color is the door?",
            QuestionWords = [Word("door", 18, 5)],
        };
        using GroundedImage first = Image("photo.png", "A car", [answer], withMethods);
        using GroundedImage second = Image(
            Evil,
            Evil,
            [Answer(Evil, [Word("quotes", Evil.IndexOf("quotes", StringComparison.Ordinal), 1)]) with { Question = Evil }],
            withMethods
        );
        report.Add(first);
        report.Add(second);
        string path = Path.Combine(Folder.Path, name);
        report.Save(path);
        return path;
    }

    private static GroundedAnswer Answer(string text, GroundedWord[] words) =>
        new()
        {
            Question = "q",
            Text = text,
            Words = words,
        };

    private static GroundedWord Word(string text, int start, int hot)
    {
        float[] map = new float[Grid * Grid];
        map[hot] = 1;
        return new GroundedWord(text, start, map);
    }

    private static GroundedImage Image(string name, string label, GroundedAnswer[] answers, bool withMethods) =>
        new()
        {
            Image = MLImage.CreateFromPixels(60, 40, MLPixelFormat.Bgra32, [.. Enumerable.Repeat((byte)200, 60 * 40 * 4)]),
            Geometry = SquareGeometry.Create(ImageFit.Pad, 60, 40, 56, Grid),
            Queries = withMethods ? ["door"] : [],
            Methods = withMethods ? [new GroundedMaps("all heads", Word("door", 0, 5).Map)] : [],
            Answers = answers,
            Name = name,
            Label = label,
        };
}
