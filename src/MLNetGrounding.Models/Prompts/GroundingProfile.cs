using System.Text.Json.Serialization;

namespace MLNetGrounding;

/// <summary>How a model is asked: the prompt template, the questions, and the row that grounds.</summary>
/// <remarks>
/// A checkpoint folder may hold it as <c>grounding.json</c> (keys: <c>template</c>, <c>system</c>, <c>question</c>, <c>questions</c>,
/// <c>coarse</c> with <c>word</c> and <c>question</c>, <c>neutral</c>, <c>background</c>, <c>row</c>, <c>box</c> with <c>question</c> and
/// <c>units</c>); <see cref="CaptureOptions.Profile"/> gives one in code.
/// </remarks>
public sealed record GroundingProfile
{
    /// <summary>Stands for the image in <see cref="Template"/>.</summary>
    public const string ImagePlaceholder = "<image>";

    /// <summary>Stands for the question in <see cref="Template"/>.</summary>
    public const string QuestionPlaceholder = "{question}";

    internal const string SystemPlaceholder = "{system}";

    /// <summary>Stands for the queried word in questions.</summary>
    public const string WordPlaceholder = "{word}";

    /// <summary>Stands for the object, the coarse query's word, in questions.</summary>
    public const string ObjectPlaceholder = "{object}";

    /// <summary>
    /// The prompt around image and question. Default <see langword="null"/>: what the checkpoint's chat template says where its text is
    /// known, else the usual form of the model's family; <see cref="VisionLanguageModel.Profile"/> has it filled in.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>
    /// The system message, of models whose prompts have one: it takes the place of the one that <see cref="Template"/> begins with, or is
    /// put before it; empty for none. Default <see langword="null"/>: the prompt is left as it is.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SystemMessage { get; init; }

    /// <summary>
    /// The question for a word that <see cref="Questions"/> does not name. Default <c>Where is the {word} of the {object}?</c>. Where a
    /// question asks about an object and there is none, <see cref="ObjectQuestion"/> is asked instead.
    /// </summary>
    public string Question { get; init; } = $"Where is the {WordPlaceholder} of the {ObjectPlaceholder}?";

    /// <summary>Questions by word. Default empty.</summary>
    public IReadOnlyDictionary<string, string> Questions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The word for the whole object where a prompt names none. Default <see langword="null"/>: there is then no coarse query.
    /// </summary>
    public string? Object { get; init; }

    /// <summary>The question for the whole object. Default <c>Where is the {word}?</c></summary>
    public string ObjectQuestion { get; init; } = $"Where is the {WordPlaceholder}?";

    /// <summary>The prompt that asks about nothing in particular. Default <c>Write a general description of the image.</c></summary>
    public string Neutral { get; init; } = "Write a general description of the image.";

    /// <summary>The prompt about the background. Default <c>What is in the background?</c></summary>
    public string Background { get; init; } = "What is in the background?";

    /// <summary>
    /// The question that asks the model for a box around a word, <c>{word}</c> standing for it. Default <see langword="null"/>: the
    /// family's, which <see cref="VisionLanguageModel.Profile"/> has filled in; it stays <see langword="null"/> for families whose models
    /// answer with none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BoxQuestion { get; init; }

    /// <summary>
    /// What the numbers of the answer are. Default <see langword="null"/>: the family's, as for <see cref="BoxQuestion"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BoxUnits? BoxUnits { get; init; }

    /// <summary>Which row of a query is its map. Default <see cref="QueryRow.WordMean"/>.</summary>
    public QueryRow Row { get; init; }

    /// <summary>The question that is asked about a word.</summary>
    /// <param name="word">The queried word.</param>
    /// <param name="role">What the query is asked for. Default <see cref="QueryRole.Fine"/>.</param>
    /// <param name="objectWord">The word for the whole object; <see langword="null"/> takes <see cref="Object"/>.</param>
    public string QuestionFor(string? word, QueryRole role = QueryRole.Fine, string? objectWord = null) =>
        role switch
        {
            QueryRole.Coarse => Fill(ObjectQuestion, word ?? Object),
            QueryRole.Neutral => Neutral,
            QueryRole.Background => Background,
            _ => QuestionAbout(word, objectWord ?? Object),
        };

    /// <summary>The question that asks for a box around a word, or <see langword="null"/> where there is none.</summary>
    /// <param name="word">The word.</param>
    public string? BoxQuestionFor(string word) => BoxQuestion is null ? null : Fill(BoxQuestion, word);

    private string QuestionAbout(string? word, string? objectWord)
    {
        string question = word is not null && Questions.TryGetValue(word, out string? own) ? own : Question;
        return objectWord is null && question.Contains(ObjectPlaceholder, StringComparison.Ordinal)
            ? Fill(ObjectQuestion, word)
            : Fill(question.Replace(ObjectPlaceholder, objectWord, StringComparison.Ordinal), word);
    }

    private static string Fill(string question, string? word) => question.Replace(WordPlaceholder, word, StringComparison.Ordinal);
}
