using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;
using Spectre.Console;

namespace Table1;

/// <summary>
/// The job: one capture of each image for all methods, their scores to a file that a later run goes on with, and the tables.
/// </summary>
internal sealed class Table1Job
{
    private const string ScoresName = "scores.csv";
    private const string ThresholdChoiceName = "threshold-choice.csv";
    private const int IntervalReplicates = 1000;
    private static readonly string[] TableExtensions = ["md", "csv", "json"];

    /// <summary>Raised whenever a setting, a method or a score changes its meaning.</summary>
    private const string SettingsVersion = "2";

    private readonly Table1Settings _settings;
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _messages;
    private readonly MLContext _context = new();
    private readonly RowWarnings _warnings;

    public Table1Job(Table1Settings settings, TextWriter output, TextWriter error)
    {
        _settings = settings;
        _output = Consoles.On(output);
        _messages = Consoles.On(error);
        _warnings = new RowWarnings(_context);
    }

    /// <summary>The methods that learn from training rows before they ground.</summary>
    private string[] Learning =>
        [.. _settings.Methods.OfType<LocalizationHeadsGrounding>().Where(method => method.Heads is null).Select(method => method.Name)];

    public int Run(CancellationToken cancellationToken)
    {
        using FolderLock folder = FolderLock.Take(_settings.Out);
        foreach (string extension in TableExtensions)
        {
            Outputs.CheckFile(TablePath(extension));
        }

        Table1Rows rows = Table1Rows.ToScore(_context, _settings);
        Table1Rows? training = Table1Rows.ToLearnFrom(_context, _settings);
        _warnings.WriteOthers(_messages);
        if (training is null && _settings.Tune)
        {
            throw new CommandException(
                "--tune chooses thresholds on CUB's training rows, so that only the test rows can be scored. Use --split test, or leave --tune out."
            );
        }

        if (training is null && Learning.Length > 0)
        {
            throw new CommandException(
                $"{string.Join(", ", Learning)} must learn on CUB's training rows, so that only the test rows can be scored. Use --split test, or leave it out of --methods."
            );
        }

        using VisionLanguageModel model = _settings.Model.Load();
        RejectOtherScores(ScoresName, RunSettings(model, rows));
        if (_settings.Tune)
        {
            RejectOtherScores(ThresholdChoiceName, RunSettings(model, training!));
        }

        Announce(model, rows, training);
        using TransformerChain<MethodGrounderTransformer> methods = Fit(model, (training ?? rows).View, cancellationToken);
        MethodEvaluation? chosenOn = _settings.Tune ? Tune(methods, model, training!, folder, cancellationToken) : null;
        MethodEvaluation evaluation = Evaluate(methods, model, rows, ScoresName, training, chosenOn, folder, cancellationToken);
        Table1Printer.Print(_output, evaluation);
        Write(evaluation);
        if (_settings.Heads)
        {
            _messages.WriteLine("Running the images through the model once more for the heads' own maps.");
            string heads = "";
            ProgressReport.Run(
                _messages,
                rows.Paths.Count,
                advance => heads = HeadTable.Measure(_context, model, rows.View, _settings, advance, cancellationToken)
            );
            _output.WriteLine(heads);
        }

        return evaluation.FailedImageCount == evaluation.ImageCount ? ExitCode.Failure : ExitCode.Success;
    }

    private TransformerChain<MethodGrounderTransformer> Fit(
        VisionLanguageModel model,
        IDataView training,
        CancellationToken cancellationToken
    )
    {
        if (Learning.Length > 0)
        {
            _messages.WriteLine($"{string.Join(", ", Learning)}: learning on training rows.");
        }

        return _context
            .Transforms.LoadGroundingImages(loading: _settings.Data.Loading)
            .Append(
                _context.Transforms.GroundByMethods(
                    new MethodGrounderOptions
                    {
                        Model = model,
                        Methods = _settings.Methods,
                        Words = CubParts.Attributes,
                        Object = _settings.Model.ObjectFor(model),
                        Capture = _settings.Model.Capture,
                        Cells = _settings.Model.Cells,
                        Aspect = _settings.Model.Aspect,
                        CancellationToken = cancellationToken,
                    }
                )
            )
            .Fit(training);
    }

    /// <summary>Scores the training rows, where a threshold for each method is chosen; baselines and intervals are for the table.</summary>
    private MethodEvaluation Tune(
        TransformerChain<MethodGrounderTransformer> methods,
        VisionLanguageModel model,
        Table1Rows training,
        FolderLock folder,
        CancellationToken cancellationToken
    )
    {
        _messages.WriteLine($"Choosing thresholds on {training.Description}.");
        return Evaluate(methods, model, training, ThresholdChoiceName, training: null, chosenOn: null, folder, cancellationToken);
    }

    private MethodEvaluation Evaluate(
        TransformerChain<MethodGrounderTransformer> methods,
        VisionLanguageModel model,
        Table1Rows rows,
        string scoresName,
        Table1Rows? training,
        MethodEvaluation? chosenOn,
        FolderLock folder,
        CancellationToken cancellationToken
    )
    {
        IDataView maps = methods.Transform(rows.View);
        using QuestionAnswererTransformer? boxes = HasBoxes(model)
            ? OwnBoxes.Ask(_context, model, _settings, CubParts.Attributes, maps, cancellationToken)
            : null;
        maps = boxes?.Transform(maps) ?? maps;
        bool choosing = scoresName == ThresholdChoiceName;
        MethodEvaluation? evaluation = null;
        ProgressReport.Run(
            _messages,
            rows.Paths.Count,
            advance =>
                evaluation = _context.Grounding.EvaluateMethods(
                    maps,
                    new MethodEvaluationOptions
                    {
                        Methods =
                        [
                            .. _settings.Methods.Select(method => new EvaluatedMethod(method.Name, $"GroundingMaps.{method.Name}")),
                            .. boxes is null ? [] : new[] { new EvaluatedMethod(OwnBoxes.Name, OwnBoxes.Column) },
                        ],
                        RegionThreshold = _settings.Threshold,
                        Thresholds =
                        [
                            .. Enumerable.Range(1, choosing ? 19 : 9).Select(step => Math.Round(step * (choosing ? 0.05 : 0.1), 2)),
                        ],
                        FurtherScores = choosing ? [] : [.. _settings.Regions.Select(rule => new RegionRuleScore(rule))],
                        Baselines = !choosing,
                        BootstrapReplicates = choosing ? 1 : IntervalReplicates,
                        PartPositions = training is null ? null : _context.Grounding.LearnPartPositions(training.View),
                        PartPositionsLearnedOn = training?.Description,
                        ChosenThresholds = chosenOn?.ChooseThresholds() ?? new Dictionary<string, double>(),
                        ThresholdsChosenOn = chosenOn?.Rows,
                        RowsDescription =
                            !choosing && Learning.Length > 0
                                ? $"{rows.Description}; {string.Join(", ", Learning)} learned on {training!.Description}"
                                : rows.Description,
                        ScoresPath = Path.Combine(_settings.Out, scoresName),
                        ScoresLock = folder,
                        RunSettings = RunSettings(model, rows),
                        Progress = new Steps(advance, row => _warnings.WriteSkipped(_messages, row, rows.Paths[row])),
                        CancellationToken = cancellationToken,
                    }
                )
        );
        _warnings.WriteOthers(_messages);
        return evaluation!;
    }

    /// <summary>What the scores depend on and the evaluation cannot see, or can see only when thresholds are chosen.</summary>
    private Dictionary<string, string> RunSettings(VisionLanguageModel model, Table1Rows rows)
    {
        var settings = new Dictionary<string, string>
        {
            [RunRecord.VersionKey] = SettingsVersion,
            ["data"] = _settings.Data.Cub is null ? rows.Description : Path.GetFullPath(_settings.Data.Cub),
            ["model"] = model.Fingerprint,
            ["object"] = _settings.Model.ObjectFor(model),
            ["stored pixels"] = _settings.Data.AsStored ? "yes" : "no",
            ["largest image"] = _settings.Data.MaxPixels.ToString(CultureInfo.InvariantCulture),
            ["threshold"] = _settings.Threshold.ToString(CultureInfo.InvariantCulture),
            ["tuned thresholds"] = _settings.Tune ? "yes" : "no",
            ["methods"] = string.Join(", ", NamesOf(model)),
        };
        foreach ((string name, string value) in _settings.Model.Record)
        {
            settings[name] = value;
        }

        foreach (GroundingMethod method in _settings.Methods)
        {
            settings[$"method {method.Name}"] = method.ToString();
        }

        return settings;
    }

    /// <summary>Before the model runs: scores of other settings could not be gone on with.</summary>
    private void RejectOtherScores(string scoresName, Dictionary<string, string> settings)
    {
        // The evaluation writes the record, and marks what it was told.
        const string mark = "run: ";
        string path = Path.Combine(_settings.Out, scoresName);
        if (!File.Exists(path) || RunRecord.Read(path) is not { } record)
        {
            return;
        }

        Dictionary<string, string> earlier = record
            .Where(pair => pair.Key.StartsWith(mark, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[mark.Length..], pair => pair.Value);
        RunRecord.RequireVersion(path, earlier, settings, "Name another folder with --out, or delete this one to start again.");
        if (RunRecord.Differences(earlier, settings) is { Length: > 0 } differences)
        {
            throw new CommandException(
                $"'{path}' holds scores of another run: {differences}. Name another folder with --out, or delete this one to start again."
            );
        }
    }

    private bool HasBoxes(VisionLanguageModel model) => _settings.Boxes && OwnBoxes.AreKnown(model);

    private IEnumerable<string> NamesOf(VisionLanguageModel model) =>
        [.. _settings.Methods.Select(method => method.Name), .. HasBoxes(model) ? [OwnBoxes.Name] : Array.Empty<string>()];

    private void Announce(VisionLanguageModel opened, Table1Rows rows, Table1Rows? training)
    {
        ModelInfo model = opened.Info;
        _output.WriteLine(
            $"Model: {(_settings.Model.IsSample ? "sample LLaVA" : _settings.Model.Name)}, {model.Layers} layers of {model.Heads} heads, {_settings.Model.GridOf(model)}"
        );
        _output.WriteLine($"Rows: {rows.Description}");
        _output.WriteLine($"Learned on: {training?.Description ?? "nothing, because the training rows are scored too"}");
        _output.WriteLine($"Methods: {string.Join(", ", NamesOf(opened))}");
        if (_settings.Boxes && !OwnBoxes.AreKnown(opened))
        {
            _messages.WriteLine(
                $"There is no row {OwnBoxes.Name}: it is not known how models of the family {model.Family} are asked for boxes. 'box' in the checkpoint's grounding.json says it."
            );
        }
    }

    private string TablePath(string extension) => Path.Combine(_settings.Out, $"table.{extension}");

    private void Write(MethodEvaluation evaluation)
    {
        // One after the other: a text that cannot be made costs no other.
        foreach (
            (string extension, Func<string> text) in (ReadOnlySpan<(string, Func<string>)>)
                [("md", evaluation.ToMarkdown), ("csv", evaluation.ToCsv), ("json", evaluation.ToJson)]
        )
        {
            string path = TablePath(extension);
            File.WriteAllText(path, text());
            _messages.WriteLine($"Wrote {path}");
        }
    }

    /// <summary>Each image done is a step, those of an earlier run among them.</summary>
    private sealed class Steps(Action advance, Action<int> reportFailure) : IProgress<int>
    {
        public void Report(int value)
        {
            reportFailure(value - 1);
            advance();
        }
    }
}
