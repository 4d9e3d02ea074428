using System.Globalization;
using Microsoft.ML;
using MLNetGrounding;
using Spectre.Console;

namespace SteerAnswers;

/// <summary>
/// The job: the same question about each image under every steering, to a file that a later run goes on with, and the table.
/// </summary>
internal sealed class SteerAnswersJob
{
    private const string AnswersName = "answers.csv";
    private const string TableName = "table.md";

    /// <summary>Raised whenever a setting or a column changes its meaning.</summary>
    private const string SettingsVersion = "1";

    private readonly SteerAnswersSettings _settings;
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _messages;
    private readonly MLContext _context = new();

    public SteerAnswersJob(SteerAnswersSettings settings, TextWriter output, TextWriter error)
    {
        _settings = settings;
        _output = Consoles.On(output);
        _messages = Consoles.On(error);
    }

    public int Run(CancellationToken cancellationToken)
    {
        using var folder = FolderLock.Take(_settings.Out);
        string answersPath = Path.Combine(_settings.Out, AnswersName);
        string tablePath = Path.Combine(_settings.Out, TableName);
        Outputs.CheckFile(answersPath);
        Outputs.CheckFile(tablePath);
        (string data, string description) = Data(cancellationToken);
        using VisionLanguageModel model = _settings.Model.Load();
        Dictionary<string, string> record = Record(model, description);
        RejectOtherAnswers(answersPath, record);
        IReadOnlyList<SteeredPart> parts = SteeredParts.Read(
            _context,
            data,
            _settings.Data.Cub is null ? new CubLoaderOptions() : _settings.Data.Options
        );
        if (parts.Count == 0)
        {
            throw new CommandException($"'{data}' has no part whose place and color are known.");
        }

        Questions questions = new(model, _settings, parts.SelectMany(part => part.Colors));
        IReadOnlyList<AttentionHead> heads = _settings.Heads.Count > 0 ? _settings.Heads : ChooseHeads(model, questions, cancellationToken);
        _messages.WriteLine(
            $"Heads: {string.Join(", ", heads.Select(head => string.Create(CultureInfo.InvariantCulture, $"{head.Layer}:{head.Head}")))}"
        );
        IReadOnlyList<Steering> steerings = Steering.All(_settings, heads);
        SteeringTable table = new(steerings);
        bool isNew = !File.Exists(answersPath) || new FileInfo(answersPath).Length == 0;
        if (isNew)
        {
            RunRecord.Write(answersPath, record);
        }

        using (var file = SteeringFile.Open(answersPath, steerings))
        {
            ProgressReport.Run(
                _messages,
                parts.Count,
                advance =>
                {
                    for (int index = 0; index < parts.Count; index++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        if (!file.TryTake(parts[index], out SteeredAnswer[]? answers))
                        {
                            answers = questions.Ask(parts[index], steerings, _settings.Seed + index, cancellationToken);
                            file.Add(parts[index], answers);
                        }

                        table.Add(answers!);
                        advance();
                    }
                }
            );
        }

        string markdown = table.ToMarkdown(_settings.Seed);
        string text =
            $"{parts.Count} of {description}, one part an image in turn. In brackets: 95 % intervals from 1000 resamplings of the images (percentiles, seed {_settings.Seed}). Question: \"{_settings.Question}\". Heads chosen: {string.Join(", ", heads.Select(head => $"layer {head.Layer} head {head.Head}"))}.\n\n{markdown}";
        File.WriteAllText(tablePath, text);
        _output.Write(text);
        _messages.WriteLine($"Wrote {tablePath}");
        return ExitCode.Success;
    }

    private (string Folder, string Description) Data(CancellationToken cancellationToken)
    {
        if (_settings.Data.Cub is { } cub)
        {
            return (cub, $"the {_settings.Data.Split.ToString().ToLowerInvariant()} rows of {Path.GetFileName(Path.GetFullPath(cub))}");
        }

        int count = _settings.Data.Limit ?? SampleSeeds.Accuracy.Count;
        return (
            Birds(SampleSeeds.Accuracy, count, cancellationToken),
            $"{count} held-out sample birds (seeds from {SampleSeeds.Accuracy.Start})"
        );
    }

    private string Birds(SampleSeedRange seeds, int count, CancellationToken cancellationToken) =>
        SampleBirdFolder.Prepare(
            _settings.Out,
            new SampleBirdsOptions
            {
                Seeds = seeds,
                Count = count,
                Coloring = SampleColoring.Independent,
            },
            cancellationToken
        );

    /// <summary>On images of which none is asked about.</summary>
    private IReadOnlyList<AttentionHead> ChooseHeads(VisionLanguageModel model, Questions questions, CancellationToken cancellationToken)
    {
        if (_settings.Data.Cub is not null && _settings.Data.Split != CubSplit.Test)
        {
            throw new CommandException(
                "Heads are chosen on CUB's training rows, so that only the test rows can be asked about. Give --heads, or use --split test."
            );
        }

        CubLoaderOptions options = (
            _settings.Data with
            {
                Split = _settings.Data.Cub is null ? CubSplit.All : CubSplit.Train,
                Limit = _settings.HeadImages,
            }
        ).Options;
        string folder = _settings.Data.Cub ?? Birds(SampleSeeds.ThresholdChoice, _settings.HeadImages, cancellationToken);
        _messages.WriteLine($"Choosing heads on {_settings.HeadImages} other images.");
        return HeadChoice.Choose(model, questions.PromptOf, SteeredParts.Read(_context, folder, options), _settings, cancellationToken);
    }

    /// <summary>What the answers depend on.</summary>
    private Dictionary<string, string> Record(VisionLanguageModel model, string description)
    {
        Dictionary<string, string> record = new()
        {
            [RunRecord.VersionKey] = SettingsVersion,
            ["data"] = _settings.Data.Cub is { } cub ? $"{description}, {Path.GetFullPath(cub)}" : description,
            ["model"] = model.Fingerprint,
            ["object"] = _settings.Model.ObjectFor(model),
            ["question"] = _settings.Question,
            ["answer tokens"] = Number(_settings.AnswerTokens),
            ["biases"] = string.Join(' ', _settings.Biases.Select(Number)),
            ["first layer depth"] = Number(_settings.FirstLayerDepth),
            ["mask threshold"] = Number(_settings.MaskThreshold),
            ["heads"] =
                _settings.Heads.Count > 0
                    ? string.Join(
                        ' ',
                        _settings.Heads.Select(head => string.Create(CultureInfo.InvariantCulture, $"{head.Layer}:{head.Head}"))
                    )
                    : $"{_settings.HeadCount} chosen on {_settings.HeadImages} images",
            ["seed"] = Number(_settings.Seed),
            ["stored pixels"] = _settings.Data.AsStored ? "yes" : "no",
            ["largest image"] = Number(_settings.Data.MaxPixels),
            ["part boxes"] = $"of labeled pixels, else squares of {Number(PartBoxes.Side)} of the bird",
        };
        foreach ((string name, string value) in _settings.Model.Record)
        {
            record[name] = value;
        }

        return record;
    }

    private static void RejectOtherAnswers(string path, Dictionary<string, string> record)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return;
        }

        const string remedy = "Name another folder with --out, or delete this one to start again.";
        IReadOnlyDictionary<string, string> earlier =
            RunRecord.Read(path) ?? throw new CommandException($"Nothing beside '{path}' says what its answers depend on. {remedy}");
        RunRecord.RequireVersion(path, earlier, record, remedy);
        if (RunRecord.Differences(earlier, record) is { Length: > 0 } differences)
        {
            throw new CommandException($"'{path}' holds answers of another run: {differences}. {remedy}");
        }
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
