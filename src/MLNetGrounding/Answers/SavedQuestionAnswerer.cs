using MLNetGrounding.Attention;
using MLNetGrounding.Saving;

namespace MLNetGrounding.Answers;

/// <summary>The settings of a saved <see cref="QuestionAnswererTransformer"/>.</summary>
internal sealed record SavedQuestionAnswerer
{
    public required SavedCapture Capture { get; init; }

    /// <summary>The columns, choices and the map method; model and queries are in <see cref="Capture"/>.</summary>
    public required QuestionAnswererOptions Columns { get; init; }

    public required SavedAnswering Answering { get; init; }

    public required string Decoding { get; init; }

    public required IReadOnlyList<IReadOnlyList<int>> ChoiceTokenIds { get; init; }

    public BoxUnits? BoxUnits { get; init; }

    public IReadOnlyList<string>? Questions { get; init; }

    public QueryRow DefaultRow { get; init; }

    public QuestionAnswererTransformer Create(SavedModelOrigin origin)
    {
        CaptureOptions capture = Capture.ToOptions() with { Flow = new CoarseFlowOptions(), FurtherRows = [] };
        QuestionAnswererOptions options = Columns.CheckedCopy(Capture, capture);
        options.Answering = Answering.ToOptions();
        options.Check();
        ModelInfo model = Capture.Checkpoint.Model;
        options.MapMethod?.ValidateFor(model);
        if (
            ChoiceTokenIds.Count != options.Choices.Count
            || ChoiceTokenIds.Any(ids => ids.Count == 0 || ids.Any(id => id < 0 || id >= model.VocabularySize))
        )
        {
            throw new SavedModelException(
                $"The saved model has tokens for {ChoiceTokenIds.Count} choices; expected them for {options.Choices.Count}, each from 0 to {model.VocabularySize - 1}."
            );
        }

        if (Questions is not null && Questions.Count != Capture.Queries.Count(saved => saved.Query.Role == QueryRole.Fine))
        {
            throw new SavedModelException(
                $"The saved model has the texts of {Questions.Count} questions; expected one for each query that is answered."
            );
        }

        if (options.ReadsBoxes && BoxUnits is null)
        {
            throw new SavedModelException("The saved model reads boxes of answers, but does not say what their numbers are.");
        }

        foreach (QueryRow row in options.PlanOf(DefaultRow).Rows)
        {
            if (!Capture.Rows.Contains(row))
            {
                throw new SavedModelException(
                    $"The saved map method reads the row {row} of every query, but the saved queries have {string.Join(", ", Capture.Rows)}."
                );
            }
        }

        AnsweringSettings settings = new()
        {
            Answering = options.Answering,
            Decoding = Decoding,
            ChoiceTokenIds = ChoiceTokenIds,
            BoxUnits = BoxUnits,
            Questions = Questions,
            DefaultRow = DefaultRow,
        };
        return new QuestionAnswererTransformer(
            origin.Environment,
            options,
            new ModelSource(Capture.Checkpoint, origin),
            Capture.ToPrompt(),
            settings
        );
    }
}
