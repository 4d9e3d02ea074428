using MLNetGrounding;

namespace SteerAnswers;

/// <summary>Asks a model about the color of a part.</summary>
internal sealed class Questions
{
    private readonly VisionLanguageModel _model;
    private readonly SteerAnswersSettings _settings;
    private readonly Dictionary<string, PreparedPrompt> _prompts;
    private readonly string[] _colors;

    /// <param name="model">The model.</param>
    /// <param name="settings">How it is asked.</param>
    /// <param name="colors">The colors that answers may be.</param>
    public Questions(VisionLanguageModel model, SteerAnswersSettings settings, IEnumerable<string> colors)
    {
        _model = model;
        _settings = settings;
        _colors = [.. colors.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _prompts = CubParts.Attributes.ToDictionary(word => word, Prepare, StringComparer.Ordinal);
    }

    public PreparedPrompt PromptOf(string word) => _prompts[word];

    /// <summary>The answers about a part under every steering.</summary>
    public SteeredAnswer[] Ask(SteeredPart part, IReadOnlyList<Steering> steerings, int seed, CancellationToken cancellationToken)
    {
        RgbImage image = ImageFile.LoadRgb(part.ImagePath, _settings.Data.Loading);
        ImageBox elsewhere = Steering.Elsewhere(image, part.Box, seed);
        return [.. steerings.Select(steering => Ask(part, steering, image, elsewhere, cancellationToken))];
    }

    private SteeredAnswer Ask(SteeredPart part, Steering steering, RgbImage image, ImageBox elsewhere, CancellationToken cancellationToken)
    {
        PreparedPrompt prompt = _prompts[part.Word].WithAmplification(steering.Amplification?.Invoke(part.Box, elsewhere));
        RgbImage shown = steering.Hide?.Invoke(image, part.Box, elsewhere) ?? image;
        ImageAnswers answers = _model.Answer(
            shown,
            prompt,
            new AnswerOptions { MaximumTokens = _settings.AnswerTokens },
            cancellationToken
        );
        int query = prompt.Queries.ToList().FindIndex(each => each.Role == QueryRole.Fine);
        string answer = answers.Answers[query].Text.Trim();
        IReadOnlyList<double> probabilities = _model.ChoiceProbabilities(shown, prompt, _colors, cancellationToken)[query];
        return new SteeredAnswer(
            answer,
            part.Colors.Any(color => SaysColor(answer, color)),
            part.Colors.Sum(color => probabilities[Array.IndexOf(_colors, color)])
        );
    }

    /// <summary>Whether an answer's first word is a color, whatever the case and the sign behind it.</summary>
    private static bool SaysColor(string answer, string color) =>
        string.Equals(answer.Split([' ', '\n', '\t'], 2)[0].TrimEnd('.', ',', '!', ';'), color, StringComparison.OrdinalIgnoreCase);

    private PreparedPrompt Prepare(string word) =>
        _model.Prepare(
            [
                AttentionQuery.Coarse(_settings.Model.ObjectFor(_model)),
                new AttentionQuery
                {
                    Name = word,
                    Word = word,
                    Question = _settings.Question.Replace(GroundingProfile.WordPlaceholder, word, StringComparison.Ordinal),
                },
            ],
            _settings.Model.Capture with
            {
                Flow = null,
            }
        );
}
