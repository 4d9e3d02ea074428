using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;

namespace MLNetGrounding.Models.Capture;

/// <summary>Turns queries into a <see cref="PreparedPrompt"/>.</summary>
/// <param name="model">The model.</param>
/// <param name="profile">How it is asked; its template is filled in.</param>
/// <param name="imageToken">The text of the token that stands for the image.</param>
/// <param name="tokenizer">The tokenizer, or <see langword="null"/> where queries are token ids.</param>
/// <param name="directory">The checkpoint folder, for errors.</param>
/// <param name="beforeImage">Text that stands before every image's tokens, whatever the template says.</param>
/// <param name="afterImage">Text that stands after them.</param>
internal sealed class PromptBuilder(
    ModelInfo model,
    GroundingProfile profile,
    string imageToken,
    TextTokenizer? tokenizer,
    string directory,
    string beforeImage = "",
    string afterImage = ""
)
{
    /// <summary>What was asked and answered before the queries, in a prompt that says how. Default none.</summary>
    public (PromptDialogue Dialogue, IReadOnlyList<ChatTurn> Earlier)? Chat { get; init; }

    // More than models are trained on; a mask over each pair of so many tokens still fits into memory.
    private const int MaximumQuestionTokens = 8192;

    /// <summary>Prepares queries.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="options">What is captured.</param>
    /// <param name="layout">What the visual tokens of every image show, or <see langword="null"/> where each image has its own.</param>
    /// <exception cref="ArgumentException">The queries or options do not fit together or to the model.</exception>
    public PreparedPrompt Build(IReadOnlyList<AttentionQuery> queries, CaptureOptions options, VisualLayout? layout)
    {
        if (queries.Count == 0)
        {
            throw new ArgumentException("At least one query was expected, found none.", nameof(queries));
        }

        if (queries.Count(query => query.Role == QueryRole.Coarse) > 1)
        {
            throw new ArgumentException(
                $"At most one coarse query was expected, found {string.Join(", ", queries.Where(query => query.Role == QueryRole.Coarse).Select(query => $"'{query.Name}'"))}.",
                nameof(queries)
            );
        }

        if (queries.GroupBy(query => (query.Role, query.Name)).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"The {twice.Key.Role} query '{twice.Key.Name}' is given twice; names must differ.",
                nameof(queries)
            );
        }

        if (options.Layers is { } layers && (layers < 1 || layers > model.Layers))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                layers,
                $"{nameof(CaptureOptions)}.{nameof(CaptureOptions.Layers)} must lie between 1 and the {model.Layers} layers of the model."
            );
        }

        if (options.SuffixLogits && options.Layers < model.Layers)
        {
            throw new ArgumentException(
                $"{nameof(CaptureOptions.SuffixLogits)} need all {model.Layers} layers of the model, but {nameof(CaptureOptions.Layers)} is {options.Layers}.",
                nameof(options)
            );
        }

        options.Amplification?.Validate(model, options.Layers, queries.Any(query => query.Role == QueryRole.Coarse));
        QueryRow[] rows = [.. options.FurtherRows.Prepend(options.Row ?? profile.Row).Distinct()];
        string? objectWord = queries.FirstOrDefault(query => query.Role == QueryRole.Coarse)?.Word;
        PreparedSuffix[] suffixes = [.. queries.Select(query => Suffix(query, objectWord, rows))];
        if (suffixes.FirstOrDefault(suffix => suffix.TokenIds.Count > MaximumQuestionTokens) is { } tooLong)
        {
            throw new ArgumentException(
                $"The question of query '{tooLong.Query.Name}' has {tooLong.TokenIds.Count} tokens; expected at most {MaximumQuestionTokens}, because attention needs memory for each pair of them. Ask a shorter question.",
                nameof(queries)
            );
        }

        PreparedPrompt prompt = new(Prefix(options), suffixes, rows, model, options, layout);
        prompt.RequireContext(layout?.Tokens ?? 0);
        if (prompt.Flow is not null)
        {
            prompt.FlowLength(options.Layers ?? model.Layers);
        }

        return prompt;
    }

    private IReadOnlyList<int> Prefix(CaptureOptions options)
    {
        if (options.PrefixTokenIds is { } ids)
        {
            RefuseForeignIds(ids, nameof(CaptureOptions.PrefixTokenIds));
            return [.. ids];
        }

        TextTokenizer encoder = RequireTokenizer($"Give {nameof(CaptureOptions)}.{nameof(CaptureOptions.PrefixTokenIds)}");
        foreach (string said in Chat?.Earlier.SelectMany(turn => new[] { turn.Question, turn.Answer }) ?? [])
        {
            encoder.RefuseAddedTokens(said, "an earlier turn", imageToken);
        }

        string text = Template().BeforeImage;
        TokenizedText begun = encoder.Encode(text);
        TokenizedText plain = encoder.Encode(text, addSpecialTokens: false);

        // A template that writes the begin token itself needs no second.
        bool twice = begun.Ids.Count == plain.Ids.Count + 1 && plain.Ids.Count > 0 && begun.Ids[0] == plain.Ids[0];
        return Embedded(encoder, twice ? plain : begun).Ids;
    }

    private PreparedSuffix Suffix(AttentionQuery query, string? objectWord, QueryRow[] rows)
    {
        if (query.Role == QueryRole.Coarse && string.IsNullOrEmpty(query.Name))
        {
            string word =
                query.Word
                ?? profile.Object
                ?? throw new ArgumentException(
                    "The coarse query names no word, and the model's profile has none for the object. Name one, or leave the coarse query out."
                );
            query = query with { Name = word, Word = word };
        }

        if (query.TokenIds is { } ids)
        {
            RefuseForeignIds(ids, $"query '{query.Name}'");
            int[] given = [.. (query.TokenPositions ?? [ids.Count - 1]).Order()];
            return given.Length > 0 && given[0] >= 0 && given[^1] < ids.Count
                ? new PreparedSuffix(query, [.. ids], Choose(given, rows, ids.Count))
                : throw new ArgumentException(
                    $"Query '{query.Name}' has token positions [{string.Join(", ", given)}]; expected positions within its {ids.Count} token ids."
                );
        }

        if (query.Word is "")
        {
            throw new ArgumentException(
                $"The word of query '{query.Name}' is empty. Name the word whose rows are read, or leave it null to read the last prompt token."
            );
        }

        if (
            query is { Role: QueryRole.Fine, Word: null, Question: null }
            && profile.Question.Contains(GroundingProfile.WordPlaceholder, StringComparison.Ordinal)
        )
        {
            throw new ArgumentException(
                $"Query '{query.Name}' has neither a word nor a question, and the model's question \"{profile.Question}\" asks about a word. Set {nameof(AttentionQuery.Word)}, as {nameof(AttentionQuery)}.{nameof(AttentionQuery.Fine)} does, or {nameof(AttentionQuery.Question)}."
            );
        }

        TextTokenizer encoder = RequireTokenizer($"Give query '{query.Name}' as {nameof(AttentionQuery.TokenIds)}");
        string question = query.Question ?? profile.QuestionFor(query.Word, query.Role, objectWord);
        encoder.RefuseAddedTokens(question, query.Name, imageToken);
        PromptTemplate template = Template();
        string text = template.BeforeQuestion + question + template.AfterQuestion;
        TokenizedText encoded = Embedded(encoder, encoder.Encode(text, addSpecialTokens: false));
        IReadOnlyList<int> asked = encoded.PositionsOf(template.BeforeQuestion.Length, question.Length);
        if (query.Word is null || rows is [QueryRow.LastPromptToken])
        {
            return new PreparedSuffix(query, encoded.Ids, Choose([encoded.Ids.Count - 1], rows, encoded.Ids.Count)) { Question = asked };
        }

        int at = WordSearch.Last(question, query.Word);
        if (at < 0)
        {
            throw new ArgumentException(
                $"The word '{query.Word}' of query '{query.Name}' does not occur in its question \"{question}\". Ask a question that holds the word, or give token ids and positions."
            );
        }

        IReadOnlyList<int> positions = encoded.PositionsOf(template.BeforeQuestion.Length + at, query.Word.Length);
        return positions.Count > 0
            ? new PreparedSuffix(query, encoded.Ids, Choose(positions, rows, encoded.Ids.Count)) { Question = asked }
            : throw new ArgumentException(
                $"The word '{query.Word}' of query '{query.Name}' has no token of its own in its question \"{question}\". Give token ids and positions."
            );
    }

    private static IReadOnlyList<int>[] Choose(IReadOnlyList<int> positions, QueryRow[] rows, int tokens) =>
        Array.ConvertAll(
            rows,
            row =>
                row switch
                {
                    QueryRow.WordLast => [positions[^1]],
                    QueryRow.WordFirst => [positions[0]],
                    QueryRow.LastPromptToken => [tokens - 1],
                    _ => positions,
                }
        );

    private PromptTemplate Template() =>
        PromptTemplate.TryParse(profile.Template ?? "", out PromptTemplate? template)
            ? (Chat is { } chat ? chat.Dialogue.Continue(profile.Template!, chat.Earlier) : template).Around(beforeImage, afterImage)
            : throw new ArgumentException($"The prompt template \"{profile.Template}\" cannot be used: {PromptTemplate.Expected}.");

    private TextTokenizer RequireTokenizer(string remedy) =>
        tokenizer
        ?? throw new InvalidOperationException(
            $"{directory} has neither {TokenizerFileNames.Pipeline} nor {TokenizerFileNames.SentencePiece}, so text cannot be encoded. {remedy}, or add one of them."
        );

    /// <summary>Refuses tokens that the tokenizer has and the model has not, which a native error would say in other words.</summary>
    private TokenizedText Embedded(TextTokenizer encoder, TokenizedText text)
    {
        int largest = text.Ids.DefaultIfEmpty(0).Max();
        return largest < model.VocabularySize
            ? text
            : throw new CheckpointException(
                encoder.FilePath,
                $"gives token {largest} for the prompt, but the model has embeddings for {model.VocabularySize} tokens only (vocab_size in config.json); take tokenizer and weights from the same model."
            );
    }

    private void RefuseForeignIds(IReadOnlyList<int> ids, string where)
    {
        if (ids.Count == 0 || ids.Any(id => id < 0 || id >= model.VocabularySize || id == model.ImageTokenId))
        {
            throw new ArgumentException(
                $"{where} has token ids [{string.Join(", ", ids)}]; expected at least one, each from 0 to {model.VocabularySize - 1} and none the image token {model.ImageTokenId}."
            );
        }
    }
}
