using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;
using Spectre.Console;

namespace Table1;

/// <summary>
/// The job: one capture of each image for all methods, their scores to a file that a later run goes on with, and the tables.
/// </summary>
internal sealed class Table1Job : IDisposable
{
    /// <summary>The folder of the maps that are kept.</summary>
    public const string MapsName = "maps";

    private const string ScoresName = "scores.csv";
    private const string ThresholdChoiceName = "threshold-choice.csv";
    private const string ThresholdChoiceMapsName = "threshold-choice-maps";
    private const int IntervalReplicates = 1000;
    private static readonly string[] TableExtensions = ["md", "tex", "csv", "json"];

    /// <summary>Raised whenever a setting, a method or a score changes its meaning.</summary>
    private const string SettingsVersion = "3";

    private readonly Table1Settings _settings;
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _messages;
    private readonly MLContext _context = new();
    private readonly RowWarnings _warnings;
    private TransformerChain<MethodGrounderTransformer>? _fitted;

    public Table1Job(Table1Settings settings, TextWriter output, TextWriter error)
    {
        _settings = settings;
        _output = Consoles.On(output);
        _messages = Consoles.On(error);
        _warnings = new RowWarnings(_context);
    }

    public void Dispose() => _fitted?.Dispose();

    public int Run(CancellationToken cancellationToken)
    {
        using var folder = FolderLock.Take(_settings.Out);
        foreach (string extension in TableExtensions)
        {
            Outputs.CheckFile(TablePath(extension));
        }

        var rows = Table1Rows.ToScore(_context, _settings);
        var training = Table1Rows.ToLearnFrom(_context, _settings);
        _warnings.WriteOthers(_messages);
        RequireTraining(rows, training);
        using VisionLanguageModel model = _settings.Model.Load();
        var question = Table1Question.Of(_settings, rows, model);
        Table1Run run = new(model, rows, training, question, MethodsFor(model.Info, rows, training, question), folder, cancellationToken);
        RejectOtherScores(run, ScoresName, MapsName, rows);
        if (_settings.Tune)
        {
            RejectOtherScores(run, ThresholdChoiceName, ThresholdChoiceMapsName, training!);
        }

        Announce(run);
        return rows.IsAnnotated ? Score(run) : Compare(run);
    }

    private int Score(Table1Run run)
    {
        MethodEvaluation? chosenOn = _settings.Tune ? Tune(run) : null;
        MethodEvaluation evaluation = Evaluate(run, run.Rows, ScoresName, MapsName, run.Training, chosenOn);
        Table1Printer.Print(_output, evaluation);
        Write(run, ("md", evaluation.ToMarkdown), ("tex", evaluation.ToLatex), ("csv", evaluation.ToCsv), ("json", evaluation.ToJson));
        if (_settings.Heads)
        {
            _messages.WriteLine("Running the images through the model once more for the heads' own maps.");
            string heads = "";
            ProgressReport.Run(
                _messages,
                run.Rows.Paths.Count,
                advance => heads = HeadTable.Measure(_context, run.Model, run.Rows, run.Question, _settings, advance, run.Cancellation)
            );
            _output.WriteLine(heads);
        }

        return evaluation.FailedImageCount == evaluation.ImageCount ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>Without annotations: how large regions are, and how much methods agree.</summary>
    private int Compare(Table1Run run)
    {
        MapComparison? comparison = null;
        WithMaps(
            run,
            run.Rows,
            MapsName,
            (view, progress) =>
                comparison = _context.Grounding.CompareMaps(
                    view,
                    new MapComparisonOptions
                    {
                        Methods = Evaluated(run),
                        QueryNames = run.Question.Words,
                        RegionThreshold = _settings.Threshold,
                        RowsDescription = DescriptionOf(run),
                        Origin = run.Origin(_settings),
                        Progress = progress,
                        CancellationToken = run.Cancellation,
                    }
                )
        );
        Table1Printer.Print(_output, comparison!);
        Write(run, ("md", comparison!.ToMarkdown), ("tex", comparison.ToLatex), ("csv", comparison.ToCsv), ("json", comparison.ToJson));
        return comparison.FailedImageCount == comparison.ImageCount ? ExitCode.Failure : ExitCode.Success;
    }

    private void RequireTraining(Table1Rows rows, Table1Rows? training)
    {
        if (training is null && _settings.Tune)
        {
            throw new CommandException(
                "--tune chooses thresholds on images that are not scored. Use --split test with --cub, or name a file of other images with --learn-on; or leave --tune out."
            );
        }

        string[] learning =
        [
            .. _settings
                .Methods.Where(Table1Methods.Learns)
                .Select(method => method.Name)
                .Where(name => !_settings.OfGroups.Contains(name)),
        ];
        if (training is null && rows.IsAnnotated && learning.Length > 0)
        {
            throw new CommandException(
                $"{string.Join(", ", learning)} must learn on images that are not scored. Use --split test with --cub, or name a file of other images with --learn-on; or leave it out of --methods."
            );
        }
    }

    /// <summary>The methods that can be had of those that were asked for; what is left out of a group is said.</summary>
    private List<GroundingMethod> MethodsFor(ModelInfo model, Table1Rows rows, Table1Rows? training, Table1Question question)
    {
        List<GroundingMethod> methods = [.. _settings.Methods];
        LeaveOut(method => !Table1Methods.Fits(method, model), "the model has too few layers for them");
        if (training is null && rows.IsAnnotated)
        {
            LeaveOut(Table1Methods.Learns, "there are no other images to learn on: --learn-on names a file of them");
        }

        if (question.Object is null)
        {
            LeaveOut(Table1Methods.NeedsObject, "they mask the words by the whole object: --object names it");
        }

        return methods.Count > 0 ? methods : throw new CommandException("No method is left to compare. Name others with --methods.");

        void LeaveOut(Predicate<GroundingMethod> cannot, string why)
        {
            string[] left =
            [
                .. methods.Where(method => cannot(method) && _settings.OfGroups.Contains(method.Name)).Select(method => method.Name),
            ];
            if (left.Length > 0)
            {
                _messages.WriteLine($"Left out, because {why}: {string.Join(", ", left)}.");
                methods.RemoveAll(method => left.Contains(method.Name));
            }
        }
    }

    /// <summary>The methods as fitted; images are read for this only where a method learns.</summary>
    private TransformerChain<MethodGrounderTransformer> Fitted(Table1Run run)
    {
        if (_fitted is not null)
        {
            return _fitted;
        }

        if (run.Learning.Count > 0)
        {
            _messages.WriteLine(
                $"{string.Join(", ", run.Learning)}: learning on {(run.Training is null ? "the first of these images" : "training rows")}."
            );
        }

        _fitted = _context
            .Transforms.LoadGroundingImages(loading: _settings.Data.Loading)
            .Append(
                _context.Transforms.GroundByMethods(
                    new MethodGrounderOptions
                    {
                        Model = run.Model,
                        Methods = [.. run.Methods.Concat(Kept(run)).DistinctBy(method => method.Name)],
                        Words = run.Question.Words,
                        Object = run.Question.Object,
                        Question = _settings.Question,
                        Capture = _settings.Model.Capture,
                        Cells = _settings.Model.Cells,
                        Aspect = _settings.Model.Aspect,
                        CancellationToken = run.Cancellation,
                    }
                )
            )
            .Fit((run.Training ?? run.Rows).View);
        return _fitted;
    }

    /// <summary>Whether maps are kept: where that is asked for, and where an earlier run did.</summary>
    private bool Keeps => _settings.KeepMaps || Directory.Exists(Path.Combine(_settings.Out, MapsName));

    private IEnumerable<GroundingMethod> Kept(Table1Run run) =>
        Keeps ? Table1Methods.ToKeep(run.Model.Info, run.CanLearn, run.Question.Object is not null) : [];

    /// <summary>Gives the rows with their maps, kept or computed, to what reads them.</summary>
    private void WithMaps(Table1Run run, Table1Rows rows, string mapsName, Action<IDataView, IProgress<int>> read)
    {
        string[] methods = [.. run.Methods.Select(method => method.Name)];
        string[] toKeep = [.. Kept(run).Select(method => method.Name)];
        using KeptMaps? kept = Keeps ? KeptMaps.Open(Path.Combine(_settings.Out, mapsName), run.Question.Words) : null;
        bool isComplete =
            kept is { Grid: not null }
            && ComparisonReport.ImagesOf(rows).All(image => kept.MethodsOf(image) is var had && toKeep.Union(methods).All(had.Contains));
        if (isComplete)
        {
            _messages.WriteLine($"The maps of all images are kept in {Path.Combine(_settings.Out, mapsName)}; the model is not run.");
        }

        bool computed = false;
        // Images are decoded where something reads them.
        IDataView images = _context.Transforms.LoadGroundingImages(loading: _settings.Data.Loading).Fit(rows.View).Transform(rows.View);
        RunView view = new(
            images,
            isComplete ? null : Fitted(run).Transform(rows.View),
            rows.ImageId,
            run.Question.Words,
            methods,
            toKeep,
            kept,
            () => computed = true
        );
        using QuestionAnswererTransformer? boxes = HasBoxes(run)
            ? OwnBoxes.Ask(_context, run.Model, _settings, run.Question, view, run.Cancellation)
            : null;
        IDataView all = boxes?.Transform(view) ?? view;
        ProgressReport.RunResumed(
            _messages,
            rows.Paths.Count,
            advance =>
                read(
                    all,
                    new Steps(row =>
                    {
                        _warnings.WriteSkipped(_messages, row, rows.Paths[row]);
                        advance(computed);
                        computed = false;
                    })
                )
        );
        _warnings.WriteOthers(_messages);
    }

    /// <summary>Scores the training rows, where a threshold for each method is chosen; baselines and intervals are for the table.</summary>
    private MethodEvaluation Tune(Table1Run run)
    {
        _messages.WriteLine($"Choosing thresholds on {run.Training!.Description}.");
        return Evaluate(run, run.Training, ThresholdChoiceName, ThresholdChoiceMapsName, training: null, chosenOn: null);
    }

    private MethodEvaluation Evaluate(
        Table1Run run,
        Table1Rows rows,
        string scoresName,
        string mapsName,
        Table1Rows? training,
        MethodEvaluation? chosenOn
    )
    {
        bool choosing = scoresName == ThresholdChoiceName;
        MethodEvaluation? evaluation = null;
        WithMaps(
            run,
            rows,
            mapsName,
            (view, progress) =>
                evaluation = _context.Grounding.EvaluateMethods(
                    view,
                    new MethodEvaluationOptions
                    {
                        Methods = Evaluated(run),
                        QueryNames = run.Question.Words,
                        KeyPointTable = run.Question.KeyPointTable,
                        RegionThreshold = _settings.Threshold,
                        Thresholds =
                        [
                            .. Enumerable.Range(1, choosing ? 19 : 9).Select(step => Math.Round(step * (choosing ? 0.05 : 0.1), 2)),
                        ],
                        FurtherScores = choosing ? [] : [.. _settings.Regions.Select(rule => new RegionRuleScore(rule))],
                        Faithfulness = choosing ? null : Faithfulness(run, view),
                        Baselines = !choosing,
                        BootstrapReplicates = choosing ? 1 : IntervalReplicates,
                        PartPositions = training is null
                            ? null
                            : _context.Grounding.LearnPartPositions(training.View, run.Question.Words, run.Question.KeyPointTable),
                        PartPositionsLearnedOn = training?.Description,
                        ChosenThresholds = chosenOn?.ChooseThresholds() ?? new Dictionary<string, double>(),
                        ThresholdsChosenOn = chosenOn?.Rows,
                        RowsDescription = choosing ? rows.Description : DescriptionOf(run),
                        Origin = run.Origin(_settings),
                        ScoresPath = Path.Combine(_settings.Out, scoresName),
                        ScoresLock = run.Folder,
                        RunSettings = ScoreSettings(run, rows).ToDictionary(),
                        Progress = progress,
                        CancellationToken = run.Cancellation,
                    }
                )
        );
        return evaluation!;
    }

    private bool HasBoxes(Table1Run run) => _settings.Boxes && OwnBoxes.AreKnown(run.Model);

    /// <summary>The methods, and the model's own boxes where it is asked for them.</summary>
    private IReadOnlyList<EvaluatedMethod> Evaluated(Table1Run run) =>
        [.. run.Evaluated, .. HasBoxes(run) ? [new EvaluatedMethod(OwnBoxes.Name, OwnBoxes.Column)] : Array.Empty<EvaluatedMethod>()];

    private string NamesOf(Table1Run run) => string.Join(", ", Evaluated(run).Select(method => method.Name));

    /// <summary>How the curves are measured: on the grid that the maps have.</summary>
    private FaithfulnessScoring? Faithfulness(Table1Run run, IDataView maps)
    {
        if (_settings.Faithfulness is not { } curves)
        {
            return null;
        }

        ReadOnlySpan<int> dimensions = [.. ((VectorDataViewType)maps.Schema[run.Evaluated[0].MapColumnName].Type).Dimensions];
        return new FaithfulnessScoring
        {
            Model = run.Model,
            Capture = _settings.Model.Capture with { Grid = new MapGrid(dimensions[1], dimensions[2]) },
            Question = _settings.Question,
            Object = run.Question.Object,
            Answering = new AnswerOptions { MaximumTokens = _settings.AnswerTokens },
            Curves = curves,
            Progress = new PassProgress(_messages),
        };
    }

    private static string DescriptionOf(Table1Run run) =>
        run.Learning.Count == 0
            ? run.Rows.Description
            : $"{run.Rows.Description}; {string.Join(", ", run.Learning)} learned on {run.Training?.Description ?? "the first of them"}";

    /// <summary>What maps depend on, the things that matter most first.</summary>
    private List<KeyValuePair<string, string>> MapSettings(Table1Run run, Table1Rows rows) =>
        [
            new(RunRecord.VersionKey, SettingsVersion),
            new("model", run.Model.Fingerprint),
            new("data", _settings.Data.IsSample ? rows.Description : rows.Data.Identity),
            new("words", string.Join(", ", run.Question.Words)),
            new("object", run.Question.Object ?? "none"),
            new("question", _settings.Question ?? "the model's own"),
            .. _settings.Model.Record,
            new("stored pixels", _settings.Data.AsStored ? "yes" : "no"),
            new("largest image", _settings.Data.MaxPixels.ToString(CultureInfo.InvariantCulture)),
            new("learned on", run.CanLearn ? (run.Training ?? run.Rows).Description : "nothing"),
        ];

    /// <summary>What the scores depend on and the evaluation cannot see, or can see only when thresholds are chosen.</summary>
    private List<KeyValuePair<string, string>> ScoreSettings(Table1Run run, Table1Rows rows) =>
        [
            .. MapSettings(run, rows),
            new("methods", NamesOf(run)),
            new("threshold", _settings.Threshold.ToString(CultureInfo.InvariantCulture)),
            new("tuned thresholds", _settings.Tune ? "yes" : "no"),
            new(
                "faithfulness",
                _settings.Faithfulness is { } curves
                    ? string.Create(CultureInfo.InvariantCulture, $"{curves}, answers of at most {_settings.AnswerTokens} tokens")
                    : "no"
            ),
            new("points of words", _settings.Words?.ToString() ?? "the data's"),
            .. run.Methods.Select(method => new KeyValuePair<string, string>($"method {method.Name}", method.ToString())),
        ];

    /// <summary>Before the model runs: scores of other settings could not be gone on with. Those of kept maps are made again.</summary>
    private void RejectOtherScores(Table1Run run, string scoresName, string mapsName, Table1Rows rows)
    {
        // The evaluation writes the record, and marks what it was told.
        const string mark = "run: ";
        string path = Path.Combine(_settings.Out, scoresName);
        string maps = Path.Combine(_settings.Out, mapsName);
        if (Keeps)
        {
            TakeKeptMaps(run, maps, rows);
        }

        if (!File.Exists(path) || RunRecord.Read(path) is not { } record)
        {
            return;
        }

        List<KeyValuePair<string, string>> settings = ScoreSettings(run, rows);
        var earlier = record
            .Where(pair => pair.Key.StartsWith(mark, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[mark.Length..], pair => pair.Value);
        const string remedy = "Name another folder with --out, or delete this one to start again.";
        RunRecord.RequireVersion(path, earlier, settings.ToDictionary(), remedy);
        // That other methods have other settings says nothing more.
        if (
            RunRecord.Difference(
                earlier.Where(pair => !IsOfMethod(pair) || settings.Exists(other => other.Key == pair.Key)).ToDictionary(),
                settings.Where(pair => !IsOfMethod(pair) || earlier.ContainsKey(pair.Key))
            )
            is not { Length: > 0 } difference
        )
        {
            return;
        }

        if (!Directory.Exists(maps))
        {
            throw new CommandException($"'{path}' holds scores of another run: {difference}. {remedy}");
        }

        _messages.WriteLine($"{path} is made again from the kept maps: {difference}.");
        File.Delete(path);
        File.Delete(RunRecord.PathOf(path));
    }

    private static bool IsOfMethod(KeyValuePair<string, string> setting) => setting.Key.StartsWith("method ", StringComparison.Ordinal);

    /// <summary>Maps of other settings are not mixed; those of more methods may come in.</summary>
    private void TakeKeptMaps(Table1Run run, string maps, Table1Rows rows)
    {
        List<KeyValuePair<string, string>> settings =
        [
            .. MapSettings(run, rows),
            .. run
                .Methods.Concat(Kept(run))
                .DistinctBy(method => method.Name)
                .Select(method => new KeyValuePair<string, string>($"method {method.Name}", method.ToString())),
        ];
        if (Directory.Exists(maps))
        {
            IReadOnlyDictionary<string, string> earlier =
                RunRecord.Read(maps)
                ?? throw new CommandException(
                    $"'{RunRecord.PathOf(maps)}', which says what the maps beside it are of, does not exist. Delete '{maps}' to start again."
                );
            const string remedy = "Name another folder with --out, or delete the maps to start again.";
            RunRecord.RequireVersion(maps, earlier, settings.ToDictionary(), remedy);
            if (
                RunRecord.Difference(
                    earlier.Where(pair => settings.Exists(other => other.Key == pair.Key)).ToDictionary(),
                    settings.Where(pair => earlier.ContainsKey(pair.Key))
                ) is
                { Length: > 0 } difference
            )
            {
                throw new CommandException($"'{maps}' holds maps of another run: {difference}. {remedy}");
            }

            settings.AddRange(earlier.Where(pair => !settings.Exists(other => other.Key == pair.Key)));
        }

        Directory.CreateDirectory(maps);
        RunRecord.Write(maps, settings.ToDictionary());
    }

    private void Announce(Table1Run run)
    {
        ModelInfo info = run.Model.Info;
        _output.WriteLine(
            $"Model: {(_settings.Model.IsSample ? "sample LLaVA" : _settings.Model.Name)}, {info.Layers} layers of {info.Heads} heads, {_settings.Model.GridOf(info)}"
        );
        _output.WriteLine($"Rows: {run.Rows.Description}");
        _output.WriteLine($"Learned on: {run.Training?.Description ?? "nothing, because there are no rows that are not compared"}");
        _output.WriteLine($"Words: {string.Join(", ", run.Question.Words)}{(run.Question.Object is { } whole ? $" of the {whole}" : "")}");
        _output.WriteLine($"Methods: {NamesOf(run)}");
        if (_settings.Boxes && !OwnBoxes.AreKnown(run.Model))
        {
            _messages.WriteLine(
                $"There is no row {OwnBoxes.Name}: it is not known how models of the family {info.Family} are asked for boxes. 'box' in the checkpoint's grounding.json says it."
            );
        }

        if (Keeps)
        {
            long cells = run.Model.Info.Grid.Cells;
            long maps = (Kept(run).Count(method => method.Name != KeptMaps.Mask) * run.Question.Words.Count) + 1;
            _messages.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Keeping at most {maps * cells * sizeof(float) * run.Rows.Paths.Count / 1e6:0.#} MB of maps of the model's own grid in {Path.Combine(_settings.Out, MapsName)}."
                )
            );
        }
    }

    private string TablePath(string extension) => Path.Combine(_settings.Out, $"table.{extension}");

    private void Write(Table1Run run, params (string Extension, Func<string> Text)[] tables)
    {
        new ComparisonRecord
        {
            Data = run.Rows.Data.WithFullPaths(),
            Rows = run.Rows.Description,
            Words = run.Question.Words,
            Object = run.Question.Object,
            KeyPointTable = run.Question.KeyPointTable,
            Methods = [.. run.Methods.Select(method => method.Name)],
            Threshold = _settings.Threshold,
            Origin = run.Origin(_settings),
        }.Write(_settings.Out);
        // One after the other: a text that cannot be made costs no other.
        foreach ((string extension, Func<string> text) in tables)
        {
            string path = TablePath(extension);
            File.WriteAllText(path, text());
            _messages.WriteLine($"Wrote {path}");
        }
    }

    /// <summary>Tells of each image done by its row.</summary>
    private sealed class Steps(Action<int> done) : IProgress<int>
    {
        public void Report(int value) => done(value - 1);
    }
}
