using System.Globalization;
using Microsoft.ML.Data;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNetGrounding.Tool;

/// <summary>Answers in a terminal: a word is chosen, and the image shows where the model looked when it said it.</summary>
/// <param name="console">Where it is shown.</param>
/// <param name="image">The image; stays the caller's.</param>
/// <param name="geometry">Where it lies on the grid.</param>
/// <param name="answers">The answers.</param>
internal sealed class SentenceView(IAnsiConsole console, MLImage image, ImageGeometry geometry, IReadOnlyList<GroundedAnswer> answers)
{
    /// <summary>Characters across a picture of the list.</summary>
    private const int SmallEdge = 36;

    /// <summary>The most characters across the one picture of the choice.</summary>
    private const int LargeEdge = 72;

    private const int Gap = 2;

    private readonly ShownWord[] _words = ShownWord.Of(answers);

    private bool HasColors => console.Profile.Capabilities is { Ansi: true, Unicode: true, ColorSystem: not ColorSystem.NoColors };

    /// <summary>Lets words be chosen until a key ends it.</summary>
    /// <param name="readKey">Waits for a key; <see langword="null"/> where there are no more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ChooseAsync(Func<CancellationToken, Task<ConsoleKeyInfo?>> readKey, CancellationToken cancellationToken)
    {
        if (_words.Length == 0)
        {
            Print();
            return;
        }

        // A line of characters shows two rows of pixels, and the sentences need lines of their own.
        int lines = Math.Max(8, console.Profile.Height - (2 * answers.Count) - 4);
        int edge = Math.Clamp(Math.Min(console.Profile.Width, 2 * lines), 16, LargeEdge);
        using GroundingOverlay plain = Background(edge);
        WordChoice choice = new(_words);
        await console
            .Live(Shown(choice, plain))
            .StartAsync(async live =>
            {
                live.Refresh();
                while (await readKey(cancellationToken) is { } key && choice.Follow(key.Key))
                {
                    live.UpdateTarget(Shown(choice, plain));
                    live.Refresh();
                }
            });
    }

    /// <summary>Prints each answer with a small picture for each of its words.</summary>
    public void Print()
    {
        using GroundingOverlay? plain = HasColors ? Background(SmallEdge) : null;
        int cell = Gap + (plain is null ? 2 * geometry.Grid.Width : SmallEdge);

        // Files have no width: as much as a common terminal is wide.
        int perLine = Math.Max(Math.Min(console.Profile.Width, 160) / cell, 1);
        for (int answer = 0; answer < answers.Count; answer++)
        {
            console.WriteLine();
            console.WriteLine($"{answers[answer].Question} {answers[answer].Text}");
            foreach (ShownWord[] line in _words.Where(word => word.Answer == answer).Chunk(perLine))
            {
                Grid grid = new();
                foreach (ShownWord _ in line)
                {
                    grid.AddColumn(
                        new GridColumn
                        {
                            Width = cell - Gap,
                            NoWrap = true,
                            Padding = new Padding(0, 0, Gap, 0),
                        }
                    );
                }

                console.Write(grid.AddRow([.. line.Select(word => Panel(word, plain, cell - Gap))]));
            }
        }
    }

    private static string Caption(GroundedWord word) =>
        double.IsFinite(word.LogProbability)
            ? string.Create(CultureInfo.InvariantCulture, $"{word.Text}  {Math.Exp(word.LogProbability):0.00}")
            : word.Text;

    private GroundingOverlay Background(int edge) => new(image, geometry, new GroundingOverlayOptions { LongEdge = edge });

    private Rows Panel(ShownWord word, GroundingOverlay? plain, int width) => new(new Text(Fitted(word.Word, width)), Picture(word, plain));

    /// <summary>A caption of one line, so that the pictures of a row begin on the same one.</summary>
    private static string Fitted(GroundedWord word, int width) =>
        Caption(word) is { } caption && caption.Length <= width ? caption : word.Text[..Math.Min(word.Text.Length, width)];

    private IRenderable Picture(ShownWord word, GroundingOverlay? plain)
    {
        if (plain is null)
        {
            return new Text(TerminalMap.Of(word.Word.Map.Span, geometry.Grid));
        }

        using GroundingOverlay overlay = plain.Copy();
        using MLImage drawn = overlay.DrawMap(word.Word.Map.Span).ToImage();
        return new TerminalPicture(drawn);
    }

    private Rows Shown(WordChoice choice, GroundingOverlay plain) =>
        new([
            .. answers.Select((answer, index) => Sentence(answer, index, choice)),
            new Text(""),
            Picture(choice.Chosen, HasColors ? plain : null),
            new Text($"{Caption(choice.Chosen.Word)}   left, right: a word   up, down: an answer   q: end"),
        ]);

    /// <summary>A question and its answer, in which words with maps are underlined and the chosen one is reversed.</summary>
    private Paragraph Sentence(GroundedAnswer answer, int index, WordChoice choice)
    {
        Paragraph line = new($"{answer.Question} ");
        int position = 0;
        for (int word = 0; word < _words.Length; word++)
        {
            GroundedWord each = _words[word].Word;
            if (_words[word].Answer != index || each.Start < position || each.Start + each.Text.Length > answer.Text.Length)
            {
                continue;
            }

            line.Append(answer.Text[position..each.Start]);
            line.Append(each.Text, new Style(decoration: word == choice.Position ? Decoration.Invert : Decoration.Underline));
            position = each.Start + each.Text.Length;
        }

        return line.Append(answer.Text[position..]);
    }
}
