using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Answers;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>Asks a model about images: what it answers, how sure it is, and where it looks while it says it.</summary>
public sealed class QuestionAnswererEstimator : RowMapEstimator<QuestionAnswererTransformer>
{
    private readonly QuestionAnswererOptions _options;

    internal QuestionAnswererEstimator(IHostEnvironment environment, QuestionAnswererOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
        _options.CheckModel();
    }

    private protected override IEnumerable<InputColumn> Inputs => [_options.ImageInput(QuestionAnswererTransformer.Name)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        QuestionAnswererTransformer
            .OutputNames(_options)
            .Select(output =>
                output.Kind switch
                {
                    QuestionAnswererOutput.Answer => ColumnAnnotations.Texts(output.Name, [""]),
                    QuestionAnswererOutput.Tokens => ColumnAnnotations.TextTable(output.Name, [""], count: 1),
                    QuestionAnswererOutput.Geometry => ColumnAnnotations.VectorShape(output.Name, withQueries: false),
                    _ => ColumnAnnotations.VectorShape(output.Name, withQueries: true),
                }
            );

    private protected override QuestionAnswererTransformer CreateTransformer(IDataView input) =>
        _options.WithModel(
            Environment,
            model =>
            {
                _options.MapMethod?.ValidateFor(model.Info);
                CaptureOptions asked = _options.Asked(_options.Capture, model);
                GroundingProfile profile = asked.Profile is { } own ? model.Filled(own) : model.Profile;
                QueryRow defaultRow = asked.Row ?? profile.Row;
                CapturePlan plan = _options.PlanOf(defaultRow);
                PreparedPrompt prompt = model.Prepare(
                    _options.AllQueries(plan, profile, model.Info.Family),
                    _options.MapMethod is null ? asked with { Flow = null } : plan.CaptureOf(asked)
                );
                AnsweringSettings settings = new()
                {
                    Answering = _options.Answering,
                    Decoding = model.Describe(_options.Answering),
                    ChoiceTokenIds = _options.Choices.Count == 0 ? [] : model.ChoiceTokens(_options.Choices, asked.Profile),
                    BoxUnits = profile.BoxUnits,
                    Questions = QuestionsOf(prompt, profile),
                    DefaultRow = defaultRow,
                };
                return new QuestionAnswererTransformer(Environment, _options, new ModelSource(model), prompt, settings);
            }
        );

    /// <summary>What is asked, as text; <see langword="null"/> where a question was given as token ids.</summary>
    private static string[]? QuestionsOf(PreparedPrompt prompt, GroundingProfile profile)
    {
        AttentionQuery[] asked = [.. prompt.Queries.Where(query => query.Role == QueryRole.Fine)];
        return asked.Any(query => query.TokenIds is not null)
            ? null
            : Array.ConvertAll(asked, query => query.Question ?? profile.QuestionFor(query.Word, query.Role, prompt.Coarse?.Query.Word));
    }
}
