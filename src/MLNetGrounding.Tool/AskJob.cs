using System.Globalization;
using Microsoft.ML.Data;

namespace MLNetGrounding.Tool;

/// <summary>Answers questions about one image: a single answer as it comes, several one after the other.</summary>
internal sealed class AskJob(ModelSettings settings, int tokens, string? folder, TextWriter output, TextWriter error)
{
    public async Task RunAsync(string path, string[] questions, CancellationToken cancellationToken)
    {
        using MLImage image = ImageFile.Load(path);
        if (folder is not null)
        {
            Outputs.CheckFolder(folder);
        }

        using VisionLanguageModel model = settings.Load();
        error.WriteLine(
            $"{model.Info.Family} model {(settings.IsSample ? "of the samples, which knows drawn birds only" : settings.Name)}; the prompt template is {model.TemplateOrigin}."
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
        AnswerOptions options = new() { MaximumTokens = tokens, Maps = folder is not null };
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

        if (folder is not null)
        {
            Draw(image, Geometry(model, image, prompt, cancellationToken), answers);
        }
    }

    private static ImageGeometry Geometry(
        VisionLanguageModel model,
        MLImage image,
        PreparedPrompt prompt,
        CancellationToken cancellationToken
    ) => model.Answer(ImageFile.ToRgb(image), prompt, new AnswerOptions { MaximumTokens = 1 }, cancellationToken).Geometry;

    private void Draw(MLImage image, in ImageGeometry geometry, List<AnswerToken>[] answers)
    {
        int count = 0;
        using GroundingOverlay plain = new(image, geometry);
        for (int answer = 0; answer < answers.Length; answer++)
        {
            IReadOnlyList<AnswerWord> words = AnswerWord.Join([.. answers[answer].Select(token => token.Text)]);
            for (int word = 0; word < words.Count; word++)
            {
                float[] map = Mean([.. words[word].Tokens.Select(token => answers[answer][token].Map)]);
                if (map.Length == 0 || !map.All(float.IsFinite))
                {
                    continue;
                }

                using GroundingOverlay overlay = plain.Copy();
                string name = string.Concat(words[word].Text.Select(character => char.IsLetterOrDigit(character) ? character : '-'));
                overlay
                    .DrawMap(map)
                    .DrawLabel(words[word].Text)
                    .Save(Path.Combine(folder!, string.Create(CultureInfo.InvariantCulture, $"{answer + 1:00}-{word + 1:000}-{name}.png")));
                count++;
            }
        }

        error.WriteLine($"Wrote {count} {(count == 1 ? "overlay" : "overlays")} to {folder}");
    }

    private static float[] Mean(IReadOnlyList<float>[] maps) =>
        maps.Length == 0 ? [] : [.. Enumerable.Range(0, maps[0].Count).Select(cell => maps.Average(map => map[cell]))];
}
