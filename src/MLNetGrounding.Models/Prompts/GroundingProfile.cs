namespace MLNetGrounding;

/// <summary>How a checkpoint wants to be asked: the prompt template, the questions, and the row that grounds.</summary>
/// <remarks>
/// A checkpoint folder may hold it as <c>grounding.json</c> (keys: <c>template</c>, <c>question</c>, <c>questions</c>, <c>coarse</c> with
/// <c>word</c> and <c>question</c>, <c>neutral</c>, <c>background</c>, <c>row</c>). Without one, the defaults are LLaVA 1.5's.
/// </remarks>
public sealed record GroundingProfile
{
    /// <summary>Stands for the picture in <see cref="Template"/>.</summary>
    public const string ImagePlaceholder = "<image>";

    /// <summary>Stands for the question in <see cref="Template"/>.</summary>
    public const string QuestionPlaceholder = "{question}";

    /// <summary>Stands for the queried word in <see cref="Question"/>.</summary>
    public const string WordPlaceholder = "{word}";

    /// <summary>The prompt around picture and question. Default <c>USER: &lt;image&gt;\n{question} ASSISTANT:</c>.</summary>
    public string Template { get; init; } = $"USER: {ImagePlaceholder}\n{QuestionPlaceholder} ASSISTANT:";

    /// <summary>The question for a word that <see cref="Questions"/> does not name. Default <c>Where is the {word} of the bird?</c></summary>
    public string Question { get; init; } = $"Where is the {WordPlaceholder} of the bird?";

    /// <summary>Questions by word. Default empty.</summary>
    public IReadOnlyDictionary<string, string> Questions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The word that stands for the whole object. Default <c>bird</c>.</summary>
    public string CoarseWord { get; init; } = "bird";

    /// <summary>The question for the whole object. Default <c>Where is the {word}?</c></summary>
    public string CoarseQuestion { get; init; } = $"Where is the {WordPlaceholder}?";

    /// <summary>The prompt that asks about nothing in particular. Default <c>Write a general description of the image.</c></summary>
    public string Neutral { get; init; } = "Write a general description of the image.";

    /// <summary>The prompt about the background. Default <c>What is in the background?</c></summary>
    public string Background { get; init; } = "What is in the background?";

    /// <summary>Which row of a query is its map. Default <see cref="QueryRow.WordMean"/>.</summary>
    public QueryRow Row { get; init; }

    /// <summary>The question that is asked about <paramref name="word"/>.</summary>
    /// <param name="word">The queried word.</param>
    /// <param name="role">What the query is asked for.</param>
    public string QuestionFor(string? word, QueryRole role = QueryRole.Fine) => role switch
    {
        QueryRole.Coarse => CoarseQuestion.Replace(WordPlaceholder, word ?? CoarseWord, StringComparison.Ordinal),
        QueryRole.Neutral => Neutral,
        QueryRole.Background => Background,
        _ => (word is not null && Questions.TryGetValue(word, out string? question) ? question : Question).Replace(WordPlaceholder, word, StringComparison.Ordinal),
    };
}
