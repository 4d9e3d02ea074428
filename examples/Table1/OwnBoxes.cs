using Microsoft.ML;
using MLNetGrounding;

namespace Table1;

/// <summary>The row of the boxes that the model itself states when it is asked for them, beside where its attention lies.</summary>
internal static class OwnBoxes
{
    public const string Name = "OwnBox";
    public const string Column = "OwnBoxMaps";
    public const int MaximumTokens = 64;

    /// <summary>Whether it is known how the model is asked for boxes and what their numbers are.</summary>
    public static bool AreKnown(VisionLanguageModel model) => model.Profile is { BoxQuestion: not null, BoxUnits: not null };

    /// <summary>Asks about rows of images.</summary>
    public static QuestionAnswererTransformer Ask(
        MLContext context,
        VisionLanguageModel model,
        Table1Settings settings,
        Table1Question question,
        IDataView rows,
        CancellationToken cancellationToken
    ) =>
        context
            .Transforms.AnswerQuestions(
                new QuestionAnswererOptions
                {
                    Model = model,
                    Words = question.Words,
                    Object = question.Object,
                    Capture = settings.Model.Capture,
                    Cells = settings.Model.Cells,
                    Aspect = settings.Model.Aspect,
                    Answering = new AnswerOptions { MaximumTokens = MaximumTokens },
                    AnswerBoxMapsColumnName = Column,
                    CancellationToken = cancellationToken,
                }
            )
            .Fit(rows);
}
