using System.CommandLine;
using System.CommandLine.Parsing;
using MLNetGrounding;

namespace Table1;

/// <summary>The command line: its options and its help.</summary>
internal sealed class Table1Command
{
    private const string Description = """
        Compares grounding methods, ablations of them and baselines on equal terms: the table of "Can Large Vision Language Models Ground
        Fine-Grained Attribute?" with the scores beside it that keep it honest.

        Each image is run through the model once for all methods. Scores go to scores.csv in the folder of --out as soon as an image is done;
        a run that was interrupted goes on from there, and a folder of other settings is refused. At the end it writes table.md, table.csv
        and table.json.

        Examples:
          dotnet run -c Release --project examples/Table1
          dotnet run -c Release --project examples/Table1 -- --methods Paper,AllHeadsMean --limit 50 --out table1-small
          dotnet run -c Release --project examples/Table1 -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --methods all,ablations --tune --out table1-cub

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C.
        """;

    private const string AllMethods = "all";
    private const string Ablations = "ablations";
    private const string Releases = "releases";

    private static readonly Dictionary<string, RegionRule> Rules = new()
    {
        ["mean"] = new MeanRegion(),
        ["otsu"] = new OtsuRegion(),
        ["window"] = new WindowRegion(),
        ["points"] = new PointsRegion(),
    };

    private static readonly Table1Settings Defaults = new();

    private readonly Option<string> _methods = new("--methods")
    {
        Description =
            $"The methods, separated by commas; '{AllMethods}': {Names(GroundingMethods.All)}; '{Ablations}': {Names(GroundingMethods.Ablations)}; '{Releases}': {Names(GroundingMethods.Releases)}.",
        HelpName = "names",
        DefaultValueFactory = _ => AllMethods,
        Validators =
        {
            result =>
            {
                try
                {
                    MethodsOf(result.GetValueOrDefault<string>());
                }
                catch (ArgumentException exception)
                {
                    result.AddError(exception.Message);
                }
            },
        },
    };

    private readonly ModelOptions _model = new();

    private readonly DataOptions _data = new(
        $"Without it, {SampleSeeds.Table.Count} held-out sample birds are drawn, and {SampleSeeds.ThresholdChoice.Count} others to choose thresholds on.",
        "The largest number of images, of those to score and of those to learn on.",
        "Which part of CUB's train/test split to score; parts' positions and thresholds are learned on the training rows where the test rows are scored.",
        "test",
        "train",
        "all"
    );

    private readonly Option<double> _threshold = Share(
        "--threshold",
        "The predicted region is where the map, scaled from 0 to 1, is at least this; others are swept besides.",
        Defaults.Threshold
    );

    private readonly Option<string> _regions = new("--regions")
    {
        Description =
            $"Other ways from a map to a region, scored besides, separated by commas: {string.Join(", ", Rules.Keys)}; '{AllMethods}': all of them.",
        HelpName = "names",
        DefaultValueFactory = _ => "",
        Validators =
        {
            result =>
            {
                try
                {
                    RegionsOf(result.GetValueOrDefault<string>());
                }
                catch (ArgumentException exception)
                {
                    result.AddError(exception.Message);
                }
            },
        },
    };

    private readonly Option<bool> _tune = new("--tune")
    {
        Description =
            "Choose each method's own threshold on the training rows, which are run through the model for it, and report it beside the common one.",
    };

    private readonly Option<bool> _boxes = new("--boxes")
    {
        Description =
            $"Ask the model for a box of each word, too, and score it as the row {OwnBoxes.Name}: up to {OwnBoxes.MaximumTokens} tokens for each word of each image. For families that answer with boxes, and for checkpoints whose grounding.json says how.",
    };

    private readonly Option<bool> _heads = new("--heads")
    {
        Description =
            "Print besides how often each head's own map peaks at the queried part, and how often head selection keeps it. Runs all images through the model once more.",
    };

    private readonly Option<string> _out = Place("--out", "folder", "The folder to write to, and to go on in.", Defaults.Out);

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var command = new ExampleCommand("Table1", output, error);
        var root = new RootCommand(Description);
        AddTo(root, command, output, error);
        return command.RunAsync(root, arguments, cancellationToken);
    }

    /// <summary>Lets a command of any program make the table.</summary>
    public static void AddTo(Command command, ExampleCommand program, TextWriter output, TextWriter error)
    {
        var options = new Table1Command();
        CommandOptions.Add(
            command,
            options.RejectWhatHasNoEffect,
            [
                options._methods,
                options._model.Name,
                .. options._data.All,
                options._threshold,
                options._regions,
                options._tune,
                options._boxes,
                options._heads,
                .. options._model.Runtime,
                options._out,
            ]
        );
        program.SetJob(
            command,
            (result, token) => new Table1Job(options.SettingsOf(result), output, error).Run(token),
            "Interrupted. What is done is kept; the same command goes on from there."
        );
    }

    private void RejectWhatHasNoEffect(CommandResult result)
    {
        _model.RejectContradictions(result);
        if (result.IsGiven(_data.Cub))
        {
            return;
        }

        if (result.IsGiven(_data.Split!))
        {
            result.AddError("--split needs --cub: of the sample birds, those to learn on are others than those to score.");
        }

        if (result.GetValue(_data.Limit) > SampleSeeds.Table.Count)
        {
            result.AddError($"--limit must be at most {SampleSeeds.Table.Count} without --cub: there are no more sample birds.");
        }
    }

    private Table1Settings SettingsOf(ParseResult result) =>
        new()
        {
            Methods = MethodsOf(result.GetRequiredValue(_methods)),
            Model = _model.Read(result),
            Data = _data.Read(result),
            Threshold = result.GetRequiredValue(_threshold),
            Regions = RegionsOf(result.GetRequiredValue(_regions)),
            Tune = result.GetValue(_tune),
            Boxes = result.GetValue(_boxes),
            Heads = result.GetValue(_heads),
            Out = result.GetRequiredValue(_out),
        };

    private static GroundingMethod[] MethodsOf(string? list)
    {
        GroundingMethod[] methods =
        [
            .. WordsOf(list)
                .SelectMany(name =>
                    name.ToLowerInvariant() switch
                    {
                        AllMethods => GroundingMethods.All,
                        Ablations => GroundingMethods.Ablations,
                        Releases => GroundingMethods.Releases,
                        _ => (IEnumerable<GroundingMethod>)[GroundingMethods.ByName(name)],
                    }
                )
                .DistinctBy(method => method.Name),
        ];
        return methods.Length > 0 ? methods : throw new ArgumentException("--methods needs at least one name.");
    }

    private static RegionRule[] RegionsOf(string? list) =>
        [
            .. WordsOf(list)
                .SelectMany(name =>
                    name.ToLowerInvariant() is var key && key == AllMethods ? Rules.Values
                    : Rules.TryGetValue(key, out RegionRule? rule) ? (IEnumerable<RegionRule>)[rule]
                    : throw new ArgumentException($"--regions knows no '{name}'. Known: {string.Join(", ", Rules.Keys)}, {AllMethods}.")
                )
                .Distinct(),
        ];

    private static string Names(IEnumerable<GroundingMethod> methods) => string.Join(", ", methods.Select(method => method.Name));
}
