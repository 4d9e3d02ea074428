using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Answers;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Asks a model about images. All questions about an image are answered together, at most once, however many columns are read; maps and
/// probabilities of choices are computed only where their columns are read. A row without an image, or whose answer is not finite, gets
/// empty texts and NaN, and is counted in the log.
/// </summary>
/// <remarks>
/// Holds a share of the model until disposed; a chain or a prediction engine disposes its transformers. One that was loaded from a saved
/// model opens its checkpoint when the first row is run, see <see cref="CheckpointLocator"/>.
/// </remarks>
public sealed class QuestionAnswererTransformer : RowMapTransformer
{
    internal const string Name = "QuestionAnswerer";

    private const int BoxNumbers = 4;

    private readonly QuestionAnswererOptions _options;
    private readonly CaptureHost _capture;
    private readonly AnsweringSettings _settings;
    private readonly PreparedPrompt _asked;
    private readonly IReadOnlyList<string> _queries;

    internal QuestionAnswererTransformer(
        IHostEnvironment environment,
        QuestionAnswererOptions options,
        ModelSource model,
        PreparedPrompt prompt,
        AnsweringSettings settings
    )
        : base(environment, Saved)
    {
        _options = options;
        _settings = settings;
        _capture = new CaptureHost(Host, Name, options, model, prompt);
        _queries = prompt.FineNames;

        // Other roles are there for the map method, and the coarse one for the amplification.
        bool amplifies = options.Capture.Amplification is { Box: null };
        _asked = prompt.With(
            role => role == QueryRole.Fine || (amplifies && role == QueryRole.Coarse),
            new CaptureOptions
            {
                Fit = prompt.Options.Fit,
                Flow = null,
                Amplification = options.Capture.Amplification,
            }
        );
    }

    /// <summary>How tokens are chosen, in words, such as <c>greedy</c>; also annotated on the columns of answers.</summary>
    public string Decoding => _settings.Decoding;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<SavedQuestionAnswerer>(Name, version: 1, (origin, settings) => settings.Create(origin));

    private protected override object SavedSettings =>
        new SavedQuestionAnswerer
        {
            Capture = _capture.ToSaved(),
            Columns = _options,
            Answering = SavedAnswering.Of(Name, _settings.Answering),
            Decoding = _settings.Decoding,
            ChoiceTokenIds = _settings.ChoiceTokenIds,
            BoxUnits = _settings.BoxUnits,
            Questions = _settings.Questions,
            DefaultRow = _settings.DefaultRow,
        };

    private int Tokens => _settings.Answering.MaximumTokens;

    /// <summary>The outputs that the options ask for.</summary>
    internal static IReadOnlyList<(QuestionAnswererOutput Kind, string Name)> OutputNames(QuestionAnswererOptions options)
    {
        List<(QuestionAnswererOutput, string)> outputs =
        [
            (QuestionAnswererOutput.Answer, options.AnswerColumnName),
            (QuestionAnswererOutput.Tokens, options.AnswerTokensColumnName),
            (QuestionAnswererOutput.TokenIds, options.AnswerTokenIdsColumnName),
            (QuestionAnswererOutput.LogProbabilities, options.AnswerLogProbabilitiesColumnName),
        ];
        if (options.AnswerMapsColumnName is { } maps)
        {
            outputs.Add((QuestionAnswererOutput.Maps, maps));
        }

        if (options.AnswerBoxesColumnName is { } boxes)
        {
            outputs.Add((QuestionAnswererOutput.Boxes, boxes));
        }

        if (options.AnswerBoxMapsColumnName is { } boxMaps)
        {
            outputs.Add((QuestionAnswererOutput.BoxMaps, boxMaps));
        }

        if (options.Choices.Count > 0)
        {
            outputs.Add((QuestionAnswererOutput.Choices, options.ChoiceProbabilitiesColumnName));
        }

        outputs.Add((QuestionAnswererOutput.Geometry, options.GeometryColumnName));
        return outputs;
    }

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        IReadOnlyList<(QuestionAnswererOutput Kind, string Name)> outputs = OutputNames(_options);
        return new CaptureMap(
            _capture,
            inputSchema,
            [.. outputs.Select(output => Describe(output.Kind, output.Name))],
            (row, images) => new Mapper(this, [.. outputs.Select(output => output.Kind)], row, images)
        );
    }

    private protected override void DisposeCore() => _capture.Dispose();

    private DataViewSchema.DetachedColumn Describe(QuestionAnswererOutput kind, string name)
    {
        MapGrid grid = _capture.Prompt.Grid;
        int queries = _queries.Count;
        return kind switch
        {
            QuestionAnswererOutput.Answer => ColumnAnnotations.Texts(name, _queries, AddDecoding),
            QuestionAnswererOutput.Tokens => ColumnAnnotations.TextTable(name, _queries, Tokens, AddDecoding),
            QuestionAnswererOutput.BoxMaps => ColumnAnnotations.Vector(
                name,
                [queries, grid.Height, grid.Width],
                ["query", "row", "column"],
                _queries,
                AddDecoding
            ),
            QuestionAnswererOutput.Maps => ColumnAnnotations.Vector(
                name,
                [queries, Tokens, grid.Height, grid.Width],
                ["query", "token", "row", "column"],
                _queries,
                AddDecoding
            ),
            QuestionAnswererOutput.Boxes => ColumnAnnotations.Vector(
                name,
                [queries, BoxNumbers],
                ["query", "number"],
                _queries,
                AddDecoding,
                BoxSlot
            ),
            QuestionAnswererOutput.Choices => ColumnAnnotations.Vector(
                name,
                [queries, _options.Choices.Count],
                ["query", "choice"],
                _queries,
                builder =>
                    ColumnAnnotations.AddNames(builder, GroundingAnnotations.ChoiceNames, _options.Choices.Count, () => _options.Choices),
                (query, choice) => $"{query}, {_options.Choices[choice]}"
            ),
            QuestionAnswererOutput.Geometry => _capture.GeometryColumn,
            _ => ColumnAnnotations.Vector(name, [queries, Tokens], ["query", "token"], _queries, AddDecoding),
        };

        static string BoxSlot(string query, int number) =>
            $"{query}, {(number switch { 0 => "x", 1 => "y", 2 => "width", _ => "height" })}";
    }

    private void AddDecoding(DataViewSchema.Annotations.Builder builder)
    {
        ColumnAnnotations.AddText(builder, GroundingAnnotations.AnswerDecoding, _settings.Decoding);
        if (_settings.Questions is { } questions)
        {
            ColumnAnnotations.AddNames(builder, GroundingAnnotations.Questions, questions.Count, () => questions);
        }
    }

    private sealed class Mapper : ImageRowMapper
    {
        private readonly QuestionAnswererTransformer _owner;
        private readonly IReadOnlyList<QuestionAnswererOutput> _outputs;
        private readonly OncePerRow _answerStep;
        private readonly TokenGrounding? _grounding;
        private bool _withMaps;
        private IReadOnlyList<Answer>? _answers;
        private ImageGeometry _geometry;

        public Mapper(
            QuestionAnswererTransformer owner,
            IReadOnlyList<QuestionAnswererOutput> outputs,
            DataViewRow row,
            IRowInputs<RowImage> images
        )
            : base(owner._capture, row, images)
        {
            _owner = owner;
            _outputs = outputs;
            _answerStep = Once(AnswerRow);
            if (owner._options.MapMethod is { } method)
            {
                CapturePlan plan = owner._options.PlanOf(owner._settings.DefaultRow);
                _grounding = new TokenGrounding(owner._capture, method, plan, owner._settings.Answering.Row);
            }
        }

        private int Queries => _owner._queries.Count;

        private int Tokens => _owner.Tokens;

        public override Delegate CreateGetter(int output) =>
            _outputs[output] switch
            {
                QuestionAnswererOutput.Answer => TextGetter(Queries, query => _answers![query].Text.Trim()),
                QuestionAnswererOutput.Tokens => TextGetter(Queries * Tokens, TokenText),
                QuestionAnswererOutput.BoxMaps => Getter(Queries * Host.Prompt.Grid.Cells, WriteBoxMaps),
                QuestionAnswererOutput.TokenIds => TokenGetter(-1, token => token.Id),
                QuestionAnswererOutput.LogProbabilities => TokenGetter(float.NaN, token => (float)token.LogProbability),
                QuestionAnswererOutput.Maps => MapGetter(),
                QuestionAnswererOutput.Boxes => Getter(Queries * BoxNumbers, WriteBoxes),
                QuestionAnswererOutput.Choices => ChoiceGetter(),
                _ => GeometryGetter(),
            };

        private void AnswerRow()
        {
            _answers = null;
            PrepareImage();
            if (Image is null)
            {
                return;
            }

            ImageAnswers answered = Host.Answer(
                Image,
                _owner._asked,
                _owner._settings.Answering with
                {
                    Maps = _withMaps,
                    FineOnly = true,
                }
            );
            Ran();
            _geometry = answered.Geometry;
            if (answered.Answers.FirstOrDefault(answer => answer is { End: AnswerEnd.NoToken, Tokens.Count: 0 }) is { } failed)
            {
                Fail(
                    $"query '{failed.Query.Name}' has no answer: the model's output is not finite, or every token is barred; try a wider precision, and check the weights against their source."
                );
                return;
            }

            _answers = answered.Answers;
        }

        private ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextGetter(int size, Func<int, string> text) =>
            (ref VBuffer<ReadOnlyMemory<char>> destination) =>
            {
                _answerStep.Run();
                var editor = VBufferEditor.Create(ref destination, size);
                for (int slot = 0; slot < size; slot++)
                {
                    editor.Values[slot] = (_answers is null ? "" : text(slot)).AsMemory();
                }

                destination = editor.Commit();
            };

        private string TokenText(int slot)
        {
            IReadOnlyList<AnswerToken> tokens = _answers![slot / Tokens].Tokens;
            return slot % Tokens < tokens.Count ? tokens[slot % Tokens].Text : "";
        }

        /// <summary>One number a token; <paramref name="beyond"/> after an answer's end.</summary>
        private ValueGetter<VBuffer<float>> TokenGetter(float beyond, Func<AnswerToken, float> number) =>
            Getter(
                Queries * Tokens,
                values =>
                {
                    values.AsSpan().Fill(beyond);
                    for (int query = 0; query < Queries; query++)
                    {
                        for (int token = 0; token < _answers![query].Tokens.Count; token++)
                        {
                            values[(query * Tokens) + token] = number(_answers[query].Tokens[token]);
                        }
                    }
                }
            );

        private ValueGetter<VBuffer<float>> MapGetter()
        {
            if (_grounding is null && !_withMaps)
            {
                _withMaps = true;
                _answerStep.Invalidate();
            }

            int cells = Host.Prompt.Grid.Cells;
            return Getter(
                Queries * Tokens * cells,
                values =>
                {
                    values.AsSpan().Fill(float.NaN);
                    float[][][]? grounded = _grounding?.Ground(Image!, Host.Prompt, _answers!);
                    for (int query = 0; query < Queries; query++)
                    {
                        for (int token = 0; token < _answers![query].Tokens.Count; token++)
                        {
                            IReadOnlyList<float> map = grounded is null ? _answers[query].Tokens[token].Map : grounded[query][token];
                            for (int cell = 0; cell < cells; cell++)
                            {
                                values[(((query * Tokens) + token) * cells) + cell] = map[cell];
                            }
                        }
                    }
                }
            );
        }

        private AnswerBox? BoxOf(int query)
        {
            Answer answer = _answers![query];
            return AnswerBox.TryParse(
                answer.Text,
                _owner._settings.BoxUnits!.Value,
                _geometry,
                out AnswerBox box,
                answer.End == AnswerEnd.EndToken
            )
                ? box
                : null;
        }

        private void WriteBoxes(float[] values)
        {
            values.AsSpan().Fill(float.NaN);
            for (int query = 0; query < Queries; query++)
            {
                if (BoxOf(query) is { } box)
                {
                    ReadOnlySpan<float> numbers = [(float)box.X, (float)box.Y, (float)box.Width, (float)box.Height];
                    numbers.CopyTo(values.AsSpan(query * BoxNumbers));
                }
            }
        }

        private void WriteBoxMaps(float[] values)
        {
            values.AsSpan().Clear();
            int cells = Host.Prompt.Grid.Cells;
            for (int query = 0; query < Queries; query++)
            {
                if (BoxOf(query) is { } box)
                {
                    BoxMap.Write(box, _geometry, values.AsSpan(query * cells, cells));
                }
            }
        }

        private ValueGetter<VBuffer<float>> ChoiceGetter()
        {
            float[] values = new float[Queries * _owner._options.Choices.Count];
            return VectorGetter(Once(Score), () => values);

            void Score()
            {
                PrepareImage();
                if (Image is null)
                {
                    values.AsSpan().Fill(float.NaN);
                    return;
                }

                double[][] probabilities = Host.ChoiceProbabilities(Image, _owner._asked, _owner._settings.ChoiceTokenIds);
                for (int slot = 0; slot < values.Length; slot++)
                {
                    values[slot] = (float)probabilities[slot / _owner._options.Choices.Count][slot % _owner._options.Choices.Count];
                }

                if (!RowValues.AreFinite(values))
                {
                    values.AsSpan().Fill(float.NaN);
                    Fail("the probabilities of choices are not finite; try a wider precision, and check the weights against their source.");
                }
            }
        }

        /// <summary>Numbers that are made of the row's answers; NaN where there are none.</summary>
        private ValueGetter<VBuffer<float>> Getter(int size, Action<float[]> write)
        {
            float[] values = new float[size];
            return VectorGetter(Once(Fill), () => values);

            void Fill()
            {
                _answerStep.Run();
                if (_answers is null)
                {
                    values.AsSpan().Fill(float.NaN);
                }
                else
                {
                    write(values);
                }
            }
        }
    }
}
