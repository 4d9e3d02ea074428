using Microsoft.ML.Data;
using Spectre.Console;

namespace MLNetGrounding.Tool;

[TestClass]
public sealed class SentenceViewTests
{
    private static readonly ImageGeometry Geometry = ImageGeometry.Create(ImageFit.Stretch, 80, 20, 80, 20, new MapGrid(2, 8), 10, 10);

    private static readonly GroundedAnswer[] Answers =
    [
        new()
        {
            Question = "What color?",
            Text = "dark [red]",
            Words = [Word("dark", 0, hot: 0) with { LogProbability = Math.Log(0.25) }, Word("[red]", 5, hot: 15)],
        },
    ];

    [TestMethod]
    public void WithoutColorsEachWordHasAMapOfSigns()
    {
        string text = Printed(AnsiSupport.No, view => view.Print());
        Assert.Contains("What color? dark [red]", text);
        Assert.Contains("dark  0.25", text);
        string[] lines = [.. text.Split('\n').Select(line => line.TrimEnd())];
        int caption = Array.FindIndex(lines, line => line.StartsWith("dark  0.25", StringComparison.Ordinal));

        // Two signs a cell: the first word looked at the first cell, the second one, beside it, at the last.
        Assert.AreEqual("@@", lines[caption + 1]);
        Assert.AreEqual(new string(' ', 16 + 2 + 14) + "@@", lines[caption + 2]);
    }

    [TestMethod]
    public async Task KeysChooseWordsUntilOneEndsIt()
    {
        Queue<ConsoleKey> keys = new([ConsoleKey.RightArrow, ConsoleKey.Q, ConsoleKey.LeftArrow]);
        using MLImage image = Image();
        using StringWriter output = new();
        IAnsiConsole console = Console(output, AnsiSupport.Yes);
        await new SentenceView(console, image, Geometry, Answers).ChooseAsync(
            _ => Task.FromResult<ConsoleKeyInfo?>(new ConsoleKeyInfo('\0', keys.Dequeue(), false, false, false)),
            CancellationToken.None
        );
        Assert.HasCount(1, keys);
        string text = output.ToString();
        Assert.IsTrue(text.Contains("\u001b[7mdark", StringComparison.Ordinal), "the first word is chosen first");
        Assert.IsTrue(text.Contains("\u001b[7m[red]", StringComparison.Ordinal), "the second word was chosen");
        Assert.IsTrue(text.Contains('\u2580', StringComparison.Ordinal), "a picture of half blocks");
    }

    [TestMethod]
    public async Task ItEndsWhereThereAreNoMoreKeysAndListsWhereThereIsNoWord()
    {
        using MLImage image = Image();
        using StringWriter output = new();
        SentenceView view = new(Console(output, AnsiSupport.Yes), image, Geometry, Answers);
        await view.ChooseAsync(_ => Task.FromResult<ConsoleKeyInfo?>(null), CancellationToken.None);
        GroundedAnswer none = new()
        {
            Question = "q",
            Text = "",
            Words = [],
        };
        using StringWriter empty = new();
        await new SentenceView(Console(empty, AnsiSupport.No), image, Geometry, [none]).ChooseAsync(
            _ => throw new InvalidOperationException("no key is asked for"),
            CancellationToken.None
        );
        Assert.Contains("q", empty.ToString());
    }

    private static GroundedWord Word(string text, int start, int hot)
    {
        float[] map = new float[16];
        map[hot] = 1;
        return new GroundedWord(text, start, map);
    }

    private static MLImage Image() =>
        MLImage.CreateFromPixels(80, 20, MLPixelFormat.Bgra32, [.. Enumerable.Repeat((byte)255, 80 * 20 * 4)]);

    private static IAnsiConsole Console(StringWriter output, AnsiSupport ansi)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = ansi,
                ColorSystem = ansi == AnsiSupport.Yes ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            }
        );
        console.Profile.Width = 100;
        console.Profile.Height = 40;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static string Printed(AnsiSupport ansi, Action<SentenceView> print)
    {
        using MLImage image = Image();
        using StringWriter output = new();
        print(new SentenceView(Console(output, ansi), image, Geometry, Answers));
        return output.ToString();
    }
}
