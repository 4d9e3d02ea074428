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
        a run that was interrupted goes on from there, and a folder of other settings is refused. At the end it writes table.md, table.tex,
        table.csv and table.json. Images without annotations are compared without scores: areas, and how much methods agree.

        Examples:
          dotnet run -c Release --project examples/Table1
          dotnet run -c Release --project examples/Table1 -- --methods Paper,AllHeadsMean --limit 50 --out table1-small
          dotnet run -c Release --project examples/Table1 -- --faithfulness --limit 200 --question "What color is the {word}?" --out faithfulness
          dotnet run -c Release --project examples/Table1 -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --methods all,ablations --tune --out table1-cub
          dotnet run -c Release --project examples/Table1 -- --model ~/models/llava-1.5-7b-hf --coco person_keypoints.json --images val2017 --object person --out table1-coco
          dotnet run -c Release --project examples/Table1 -- photos/ --model ~/models/llava-1.5-7b-hf --words wheel,door --object car --keep-maps --out table1-photos

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

    private readonly Argument<string[]> _images = new("images")
    {
        Description =
            "Images without annotations, in place of a data set: files, folders, patterns such as \"photos/**/*.jpg\", CSV files with a column of paths.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _words = new("--words")
    {
        Description =
            $"The words to ask about, {AskedWords.Form}. [default: those that the data has points for; images without annotations need it]",
        HelpName = "words",
        Validators =
        {
            result =>
            {
                try
                {
                    AskedWords.Parse(result.GetValueOrDefault<string>());
                }
                catch (ArgumentException exception)
                {
                    result.AddError(exception.Message);
                }
            },
        },
    };

    private readonly DataOptions _data = new(
        $"Without any data, {SampleSeeds.Table.Count} held-out sample birds are drawn, and {SampleSeeds.ThresholdChoice.Count} others to choose thresholds on.",
        "The largest number of images, of those to score and of those to learn on.",
        "Which part of CUB's train/test split to score; parts' positions and thresholds are learned on the training rows where the test rows are scored.",
        ["test", "train", "all"],
        new AnnotationOptions()
    );

    private readonly Option<string> _learnOn = Place(
        "--learn-on",
        "file",
        "Other images to learn and choose thresholds on, none of which is scored: a file of the form of --coco or --points, with images in the same folder."
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

    private readonly Option<bool> _keepMaps = new("--keep-maps")
    {
        Description =
            "Keep the final maps of all methods and the coarse mask as Parquet files in the folder's maps/, so that later runs with other methods, thresholds or regions, and 'grounding report', need not run the model. An image takes (methods x words + 1) x cells x 4 bytes, half a megabyte for ten words and the paper's model.",
    };

    private readonly Option<string> _question = Place(
        "--question",
        "text",
        $"The question about each word, with {GroundingProfile.WordPlaceholder} for it, such as \"What color is the {GroundingProfile.WordPlaceholder}?\". [default: the model's own]"
    );

    private readonly Option<bool> _faithfulness = new("--faithfulness")
    {
        Description =
            "Measure besides whether the model's answers rest on the pixels that each map ranks first: insertion and deletion curves of one word an image in turn, beside those of a random map and of the image's center. A map costs two passes a step.",
    };

    private readonly Option<int> _steps = Count(
        "--steps",
        "The equal steps of the curves.",
        new FaithfulnessOptions().Steps,
        least: 1,
        most: 4096
    );

    private readonly Option<bool> _byCells = new("--by-cells")
    {
        Description = "Whole cells as the steps of the curves, instead of --steps.",
    };

    private readonly Option<string> _hidden = Choice("--hidden", "What hidden pixels become in the curves.", "black", "mean");

    private readonly Option<int> _together = Count(
        "--together",
        "How many images of the curves the model takes at a time; it changes time and memory only.",
        new FaithfulnessOptions().ImagesAtATime,
        least: 1,
        most: 256
    );

    private readonly Option<int> _answerTokens = Count(
        "--answer-tokens",
        "The most tokens of the answers that the curves are of.",
        Defaults.AnswerTokens,
        least: 1
    );

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
        command.Arguments.Add(options._images);
        CommandOptions.Add(
            command,
            options.RejectWhatHasNoEffect,
            [
                options._methods,
                options._words,
                options._model.Name,
                .. options._data.All,
                options._learnOn,
                options._threshold,
                options._regions,
                options._tune,
                options._boxes,
                options._heads,
                options._keepMaps,
                options._question,
                options._faithfulness,
                options._steps,
                options._byCells,
                options._hidden,
                options._together,
                options._answerTokens,
                .. options._model.Runtime,
                options._out,
            ]
        );
        program.SetJob(
            command,
            (result, token) =>
            {
                using Table1Job job = new(options.SettingsOf(result, program.Name), output, error);
                return job.Run(token);
            },
            "Interrupted. What is done is kept; the same command goes on from there."
        );
    }

    private void RejectWhatHasNoEffect(CommandResult result)
    {
        _model.RejectContradictions(result);
        if (result.GetValue(_question) is { } question && !question.Contains(GroundingProfile.WordPlaceholder, StringComparison.Ordinal))
        {
            result.AddError($"--question must hold {GroundingProfile.WordPlaceholder} where the word stands, found '{question}'.");
        }

        foreach (Option option in (Option[])[_steps, _byCells, _hidden, _together, _answerTokens])
        {
            if (result.IsGiven(option) && !result.GetValue(_faithfulness))
            {
                result.AddError($"{option.Name} needs --faithfulness.");
            }
        }

        if (result.IsGiven(_steps) && result.GetValue(_byCells))
        {
            result.AddError("--by-cells has as many steps as cells; leave --steps out.");
        }

        AnnotationOptions annotations = _data.Annotations!;
        annotations.Check(result, _data.Cub);
        bool hasPhotos = result.GetValue(_images) is { Length: > 0 };
        if (hasPhotos)
        {
            CheckPhotos(result);
        }

        if (result.IsGiven(_learnOn) && !annotations.AreGiven(result))
        {
            result.AddError("--learn-on needs --coco or --points, whose form its file has.");
        }

        if (result.IsGiven(_data.Split!) && !result.IsGiven(_data.Cub))
        {
            result.AddError(
                "--split needs --cub: other data has no split. Of the sample birds, those to learn on are others than those to score."
            );
        }

        if (
            !result.IsGiven(_data.Cub)
            && !annotations.AreGiven(result)
            && !hasPhotos
            && result.GetValue(_data.Limit) > SampleSeeds.Table.Count
        )
        {
            result.AddError($"--limit must be at most {SampleSeeds.Table.Count} without data: there are no more sample birds.");
        }
    }

    private void CheckPhotos(CommandResult result)
    {
        if (result.IsGiven(_data.Cub) || _data.Annotations!.AreGiven(result))
        {
            result.AddError("Images without annotations are compared alone; name them, or a data set.");
        }

        if (!result.IsGiven(_words))
        {
            result.AddError("Images without annotations need --words, such as --words wheel,door.");
        }

        foreach (Option option in (Option[])[_tune, _heads, _regions, _faithfulness])
        {
            if (result.IsGiven(option))
            {
                result.AddError($"{option.Name} needs annotations to score on.");
            }
        }
    }

    private Table1Settings SettingsOf(ParseResult result, string program) =>
        new()
        {
            Methods = MethodsOf(result.GetRequiredValue(_methods)),
            OfGroups = NamesOfGroups(result.GetRequiredValue(_methods)),
            Words = result.GetValue(_words) is { } words ? AskedWords.Parse(words) : null,
            Model = _model.Read(result),
            Data = _data.Read(result) with { Photos = result.GetValue(_images) ?? [] },
            LearnOn = result.GetValue(_learnOn),
            KeepMaps = result.GetValue(_keepMaps),
            Command = string.Join(' ', result.Tokens.Select(token => Quoted(token.Value)).Prepend(program)),
            Threshold = result.GetRequiredValue(_threshold),
            Regions = RegionsOf(result.GetRequiredValue(_regions)),
            Tune = result.GetValue(_tune),
            Boxes = result.GetValue(_boxes),
            Heads = result.GetValue(_heads),
            Question = result.GetValue(_question),
            AnswerTokens = result.GetRequiredValue(_answerTokens),
            Faithfulness = result.GetValue(_faithfulness)
                ? new FaithfulnessOptions
                {
                    Steps = result.GetRequiredValue(_steps),
                    ByCells = result.GetValue(_byCells),
                    Baseline = result.GetRequiredValue(_hidden) == "mean" ? FaithfulnessBaseline.MeanColor : FaithfulnessBaseline.Black,
                    ImagesAtATime = result.GetRequiredValue(_together),
                }
                : null,
            Out = result.GetRequiredValue(_out),
        };

    private static GroundingMethod[] MethodsOf(string? list)
    {
        GroundingMethod[] methods =
        [
            .. WordsOf(list).SelectMany(name => GroupOf(name) ?? [GroundingMethods.ByName(name)]).DistinctBy(method => method.Name),
        ];
        return methods.Length > 0 ? methods : throw new ArgumentException("--methods needs at least one name.");
    }

    private static IReadOnlyList<GroundingMethod>? GroupOf(string name) =>
        name.ToLowerInvariant() switch
        {
            AllMethods => GroundingMethods.All,
            Ablations => GroundingMethods.Ablations,
            Releases => GroundingMethods.Releases,
            _ => null,
        };

    /// <summary>The methods that a list asks for only as part of a group.</summary>
    private static HashSet<string> NamesOfGroups(string list)
    {
        string[] names = WordsOf(list);
        return
        [
            .. names
                .SelectMany(name => GroupOf(name) ?? [])
                .Select(method => method.Name)
                .Where(method => !names.Contains(method, StringComparer.OrdinalIgnoreCase)),
        ];
    }

    /// <summary>An argument as a shell takes it.</summary>
    private static string Quoted(string argument) =>
        argument.Length > 0
        && argument.All(character => char.IsLetterOrDigit(character) || "-_./\\:,=+~@%".Contains(character, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

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
