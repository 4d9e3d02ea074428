using System.Globalization;
using Microsoft.ML.Data;
using Spectre.Console;

namespace MLNetGrounding.Tool;

/// <summary>Answers questions about one image: a single answer as it comes, several one after the other.</summary>
internal sealed class AskJob(ModelSettings settings, int tokens, AskOutputs outputs, TextWriter output, TextWriter error)
{
    private const string SheetName = "words.png";
    private const int SheetColumns = 3;

    public async Task RunAsync(string path, string[] questions, CancellationToken cancellationToken)
    {
        using MLImage image = ImageFile.Load(path);
        outputs.Check();
        using VisionLanguageModel model = settings.Load();
        error.WriteLine(
            $"{model.Info.Family} model {(settings.IsSample ? "of the samples, which knows drawn birds and cars only" : settings.Name)}; the prompt template is {model.TemplateOrigin}."
        );
        PreparedPrompt prompt = model.Prepare(
            [
                .. questions.Select(question => new AttentionQuery
                {
                    Name = question,
                    Question = question,
                    Role = QueryRole.Neutral,
                }),
            ],
            settings.Capture
        );
        List<AnswerToken>[] answers = [.. questions.Select(_ => new List<AnswerToken>())];
        string[] texts = [.. questions.Select(_ => "")];
        AnswerOptions options = new() { MaximumTokens = tokens, Maps = outputs.NeedMaps };
        await foreach (AnswerUpdate update in model.AnswerAsync(ImageFile.ToRgb(image), prompt, options, cancellationToken))
        {
            if (update.Token is { } token)
            {
                answers[update.Query].Add(token);
            }

            texts[update.Query] += update.Text;
            if (questions.Length == 1)
            {
                await output.WriteAsync(update.Text);
                await output.FlushAsync(cancellationToken);
            }

            if (update.End == AnswerEnd.MaximumTokens)
            {
                error.WriteLine(
                    $"The answer{(questions.Length > 1 ? $" to '{questions[update.Query]}'" : "")} was ended after {tokens} tokens; --tokens takes more."
                );
            }
        }

        if (questions.Length == 1)
        {
            output.WriteLine();
        }
        else
        {
            for (int question = 0; question < questions.Length; question++)
            {
                output.WriteLine($"{questions[question]} {texts[question].Trim()}");
            }
        }

        if (outputs.NeedMaps)
        {
            ImageGeometry geometry = Geometry(model, image, prompt, cancellationToken);
            GroundedAnswer[] grounded =
            [
                .. prompt.Queries.Select(
                    (query, index) =>
                        GroundedAnswer.Of(
                            new Answer
                            {
                                Query = query,
                                Text = texts[index],
                                Tokens = answers[index],
                                End = AnswerEnd.EndToken,
                            }
                        )
                ),
            ];
            await ShowAsync(path, image, geometry, grounded, cancellationToken);
        }
    }

    private async Task ShowAsync(
        string path,
        MLImage image,
        ImageGeometry geometry,
        GroundedAnswer[] answers,
        CancellationToken cancellationToken
    )
    {
        if (outputs.Folder is { } folder)
        {
            Draw(folder, image, geometry, answers);
        }

        if (outputs.Html is { } html)
        {
            WritePage(html, path, image, geometry, answers);
        }

        if (outputs.Show)
        {
            IAnsiConsole console = Consoles.On(output);
            SentenceView view = new(console, image, geometry, answers);
            if (console.Profile.Capabilities is { Interactive: true, Ansi: true } && !Console.IsInputRedirected)
            {
                await view.ChooseAsync(token => console.Input.ReadKeyAsync(intercept: true, token), cancellationToken);
            }
            else
            {
                view.Print();
            }
        }
    }

    private static ImageGeometry Geometry(
        VisionLanguageModel model,
        MLImage image,
        PreparedPrompt prompt,
        CancellationToken cancellationToken
    ) => model.Answer(ImageFile.ToRgb(image), prompt, new AnswerOptions { MaximumTokens = 1 }, cancellationToken).Geometry;

    private void WritePage(string html, string path, MLImage image, ImageGeometry geometry, GroundedAnswer[] answers)
    {
        GroundingReport report = new(
            new GroundingReportOptions
            {
                Title = "Where the model looked",
                Description = $"Model: {(settings.IsSample ? "the samples' own" : settings.Name)}.",
            }
        );
        using GroundedImage shown = new()
        {
            Image = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels),
            Geometry = geometry,
            Queries = [],
            Methods = [],
            Answers = answers,
            Name = Path.GetFileName(path),
        };
        report.Add(shown);
        report.Save(html);
        error.WriteLine($"Wrote {html}");
    }

    /// <summary>An overlay for each word, and a sheet of all of them.</summary>
    private void Draw(string folder, MLImage image, in ImageGeometry geometry, GroundedAnswer[] answers)
    {
        List<GroundingOverlay> drawn = [];
        using GroundingOverlay plain = new(image, geometry);
        try
        {
            for (int answer = 0; answer < answers.Length; answer++)
            {
                IReadOnlyList<GroundedWord> words = answers[answer].Words;
                for (int word = 0; word < words.Count; word++)
                {
                    if (!words[word].Map.ToArray().All(float.IsFinite))
                    {
                        continue;
                    }

                    GroundingOverlay overlay = plain.Copy().DrawMap(words[word].Map.Span);
                    drawn.Add(overlay.DrawLabel(answers.Length > 1 ? $"{answers[answer].Question} {words[word].Text}" : words[word].Text));
                    string name = string.Concat(words[word].Text.Select(character => char.IsLetterOrDigit(character) ? character : '-'));
                    overlay.Save(
                        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{answer + 1:00}-{word + 1:000}-{name}.png"))
                    );
                }
            }

            if (drawn.Count > 0)
            {
                GroundingOverlay.SaveSheet(drawn, Math.Min(drawn.Count, SheetColumns), Path.Combine(folder, SheetName));
            }
        }
        finally
        {
            drawn.ForEach(overlay => overlay.Dispose());
        }

        error.WriteLine($"Wrote {drawn.Count} {(drawn.Count == 1 ? "overlay" : "overlays")} to {folder}");
    }
}
