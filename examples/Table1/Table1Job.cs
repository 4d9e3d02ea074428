using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;
using MLNetGrounding.Llava;
using Spectre.Console;

namespace Table1;

/// <summary>The job: one capture of each image for all methods, their scores to a file that a later run goes on with, and the tables.</summary>
internal sealed class Table1Job
{
    private const string ThresholdChoiceName = "threshold-choice.csv";
    private const int IntervalReplicates = 1000;

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
    private string[] Learning => [.. _settings.Methods.OfType<LocalizationHeadsGrounding>().Where(method => method.Heads is null).Select(method => method.Name)];

    public int Run(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_settings.Out);
        Table1Rows rows = Table1Rows.ToScore(_context, _settings);
        Table1Rows? training = Table1Rows.ToLearnFrom(_context, _settings);
        if (training is null && _settings.Tune)
        {
            throw new InvalidOperationException("--tune chooses thresholds on CUB's training rows, so that only the test rows can be scored. Use --split test, or leave --tune out.");
        }

        if (training is null && Learning.Length > 0)
        {
            throw new InvalidOperationException($"{string.Join(", ", Learning)} must learn on CUB's training rows, so that only the test rows can be scored. Use --split test, or leave it out of --methods.");
        }

        using LlavaModel model = LlavaModel.Load(_settings.ModelDirectory, new LlavaModelOptions { Device = _settings.Device, Precision = _settings.Precision });
        Announce(model.Configuration, rows, training);
        try
        {
            using TransformerChain<MethodGrounderTransformer> methods = Fit(model, (training ?? rows).View, cancellationToken);
            MethodEvaluation? chosenOn = _settings.Tune ? Tune(methods, training!, cancellationToken) : null;
            MethodEvaluation evaluation = Evaluate(methods, rows, "scores.csv", training, chosenOn, cancellationToken);
            Write(evaluation);
            Table1Printer.Print(_output, evaluation);
            if (_settings.Heads)
            {
                _output.WriteLine(HeadTable.Measure(_context, model, rows.View, _settings.Fit, cancellationToken));
            }

            return evaluation.FailedImageCount == evaluation.ImageCount ? ExitCode.Failure : ExitCode.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _messages.WriteLine("Interrupted. What is done is kept; the same command goes on from there.");
            return ExitCode.Interrupted;
        }
    }

    private TransformerChain<MethodGrounderTransformer> Fit(LlavaModel model, IDataView training, CancellationToken cancellationToken) => _context.Transforms
        .LoadGroundingImages()
        .Append(_context.Transforms.GroundByMethods(new MethodGrounderOptions
        {
            Model = model,
            Methods = _settings.Methods,
            Capture = new CaptureOptions { Fit = _settings.Fit },
            CancellationToken = cancellationToken,
        }))
        .Fit(training);

    /// <summary>Scores the training rows, where a threshold for each method is chosen; baselines and intervals are for the table.</summary>
    private MethodEvaluation Tune(TransformerChain<MethodGrounderTransformer> methods, Table1Rows training, CancellationToken cancellationToken)
    {
        _messages.WriteLine($"Choosing thresholds on {training.Description}.");
        return Evaluate(methods, training, ThresholdChoiceName, training: null, chosenOn: null, cancellationToken);
    }

    private MethodEvaluation Evaluate(
        TransformerChain<MethodGrounderTransformer> methods,
        Table1Rows rows,
        string scoresName,
        Table1Rows? training,
        MethodEvaluation? chosenOn,
        CancellationToken cancellationToken)
    {
        IDataView maps = methods.Transform(rows.View);
        bool choosing = scoresName == ThresholdChoiceName;
        MethodEvaluation? evaluation = null;
        ProgressReport.Run(_messages, rows.View.GetRowCount() ?? 0, advance => evaluation = _context.Grounding.EvaluateMethods(maps, new MethodEvaluationOptions
        {
            Methods = [.. _settings.Methods.Select(method => new EvaluatedMethod(method.Name, $"GroundingMaps.{method.Name}"))],
            RegionThreshold = _settings.Threshold,
            Thresholds = [.. Enumerable.Range(1, choosing ? 19 : 9).Select(step => Math.Round(step * (choosing ? 0.05 : 0.1), 2))],
            Baselines = !choosing,
            BootstrapReplicates = choosing ? 1 : IntervalReplicates,
            PartPositions = training is null ? null : _context.Grounding.LearnPartPositions(training.View),
            PartPositionsLearnedOn = training?.Description,
            ChosenThresholds = chosenOn?.ChooseThresholds() ?? new Dictionary<string, double>(),
            ThresholdsChosenOn = chosenOn?.Rows,
            RowsDescription = !choosing && Learning.Length > 0 ? $"{rows.Description}; {string.Join(", ", Learning)} learnt on {training!.Description}" : rows.Description,
            ScoresPath = Path.Combine(_settings.Out, scoresName),
            RunSettings = RunSettings(rows),
            Progress = new Steps(advance, ReportFailure),
            CancellationToken = cancellationToken,
        }));
        return evaluation!;
    }

    /// <summary>What the scores depend on and the evaluation cannot see.</summary>
    private Dictionary<string, string> RunSettings(Table1Rows rows)
    {
        var settings = new Dictionary<string, string>
        {
            ["data"] = _settings.Cub is null ? rows.Description : Path.GetFullPath(_settings.Cub),
            ["model"] = string.Join(", ", new DirectoryInfo(_settings.ModelDirectory).EnumerateFiles()
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length}"))),
            ["fit"] = _settings.Fit.ToString(),
            ["precision"] = _settings.Precision.ToString(),
        };
        foreach (GroundingMethod method in _settings.Methods)
        {
            settings[$"method {method.Name}"] = method.ToString();
        }

        return settings;
    }

    private void Announce(LlavaConfiguration configuration, Table1Rows rows, Table1Rows? training)
    {
        _output.WriteLine($"Model: {(_settings.Model == Table1Settings.SampleModel ? "sample LLaVA" : _settings.Model)}, {configuration.TextLayers} layers of {configuration.TextHeads} heads, {configuration.Grid} x {configuration.Grid} cells");
        _output.WriteLine($"Rows: {rows.Description}");
        _output.WriteLine($"Learned on: {training?.Description ?? "nothing, because the training rows are scored too"}");
        _output.WriteLine($"Methods: {string.Join(", ", _settings.Methods.Select(method => method.Name))}");
    }

    private void ReportFailure(int row)
    {
        if (_warnings.Take(row) is { } reason)
        {
            _messages.WriteLine($"Image {row + 1}: {reason}");
        }
    }

    private void Write(MethodEvaluation evaluation)
    {
        foreach ((string extension, string text) in (ReadOnlySpan<(string, string)>)[("md", evaluation.ToMarkdown()), ("csv", evaluation.ToCsv()), ("json", evaluation.ToJson())])
        {
            string path = Path.Combine(_settings.Out, $"table.{extension}");
            File.WriteAllText(path, text);
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
