using System.CommandLine;
using System.CommandLine.Parsing;
using MLNetGrounding;

namespace GroundBirds;

/// <summary>The command line: its options and its help.</summary>
internal sealed class GroundBirdsCommand
{
    private const string Description = """
        Asks LLaVA where the parts of birds are, finds where it looks, and scores that on the birds' annotated key points (mPIR).

        Without options it draws sample birds and asks the sample model about them; nothing is downloaded. It prints a table of mPIR per
        attribute and writes, into the folder of --out, a score for every image and attribute (scores.csv) and the overlays of the first images.

        Examples:
          dotnet run --project examples/GroundBirds
          dotnet run --project examples/GroundBirds -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --split test
          dotnet run --project examples/GroundBirds -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --limit 50 --words beak,crest
          dotnet run --project examples/GroundBirds -- --report report.html --show 2

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C (what was done until then is written and printed).
        """;

    private static readonly GroundBirdsSettings Defaults = new();

    private readonly ModelOptions _model = new(
        (GroundBirdsSettings.RandomModel, "random weights, which show that everything works and mean nothing")
    );

    private readonly DataOptions _data = new(
        "Without it, sample birds are drawn.",
        "The largest number of images.",
        "Which part of the data set's train/test split.",
        ["all", "train", "test"]
    );

    private readonly Option<int> _seed = new("--seed")
    {
        CustomParser = WholeNumber(int.MinValue),
        Description = "The seed of the weights of --model random.",
        HelpName = "number",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    private readonly Option<string> _words = new("--words")
    {
        Description =
            $"The words to ask about, separated by commas. Scored are: {string.Join(", ", CubParts.Attributes)}; so are the names of CUB's key points, such as crown; any other word gets overlays only. Of birds the sample model knows these ten and no others.",
        HelpName = "words",
        DefaultValueFactory = _ => string.Join(',', Defaults.Words),
        Validators =
        {
            result =>
            {
                string[] words = WordsOf(result.GetValueOrDefault<string>());
                if (words.Length == 0 || words.Distinct(StringComparer.Ordinal).Count() < words.Length)
                {
                    result.AddError("--words needs at least one word, and each word once.");
                }
            },
        },
    };

    private readonly Option<double> _threshold = Share(
        "--threshold",
        "The predicted region is where the map, scaled from 0 to 1, is at least this.",
        Defaults.Threshold
    );

    private readonly Option<string> _out = Place(
        "--out",
        "folder",
        "The folder to write to; scores and overlays of an earlier run are replaced.",
        Defaults.Out
    );

    private readonly Option<int> _overlays = Images(
        "--overlays",
        "How many images get overlays: the first ones of the data.",
        Defaults.Overlays
    );

    private readonly Option<string> _report = Place(
        "--report",
        "file",
        "An HTML file to write: scores with intervals, and a gallery of all maps to look through in a browser, offline."
    );

    private readonly Option<int> _reportDetails = Images(
        "--report-details",
        "How many images of the report can be opened down to every layer and head: a third each the best, the worst and the first.",
        Defaults.ReportDetails
    );

    private readonly Option<string> _reportDetailsOf = new("--report-details-of")
    {
        Description = "Images that can be opened so besides: file names, separated by commas.",
        HelpName = "names",
    };

    private readonly Option<bool> _noReportHeads = new("--no-report-heads")
    {
        Description =
            "Leave out of the report what every head does over all images: it looks at every map of every head, which costs time.",
    };

    private readonly Option<int> _figures = Images(
        "--figures",
        "How many images, from the first on, get the paper's figures: all queries, mask, layers, heads.",
        Defaults.Figures
    );

    private readonly Option<string> _figureTheme = Choice(
        "--figure-theme",
        "What the figures are drawn for: a dark page, a light one, or paper.",
        "dark",
        "light",
        "print"
    );

    private readonly Option<int> _show = Images(
        "--show",
        "How many images, from the first on, have their maps drawn in the terminal.",
        Defaults.Show
    );

    private readonly Option<bool> _profile = new("--profile") { Description = "Say also where the time outside the model goes." };

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var options = new GroundBirdsCommand();
        var command = new ExampleCommand("GroundBirds", output, error);
        RootCommand root = options.Root();
        command.SetJob(
            root,
            (result, token) =>
            {
                using var job = new GroundBirdsJob(options.SettingsOf(result), output, error);
                return job.Run(token);
            }
        );
        return command.RunAsync(root, arguments, cancellationToken);
    }

    public RootCommand Root() =>
        CommandOptions.Root(
            Description,
            RejectWhatHasNoEffect,
            [
                _model.Name,
                .. _data.All,
                _words,
                _threshold,
                _overlays,
                _figures,
                _figureTheme,
                _report,
                _reportDetails,
                _reportDetailsOf,
                _noReportHeads,
                _show,
                _out,
                .. _model.Runtime,
                _seed,
                _profile,
            ]
        );

    private void RejectWhatHasNoEffect(CommandResult result)
    {
        _model.RejectContradictions(result);
        if (result.IsGiven(_seed) && result.GetValue(_model.Name) != GroundBirdsSettings.RandomModel)
        {
            result.AddError($"--seed is for --model {GroundBirdsSettings.RandomModel} alone. Leave it out.");
        }

        foreach (Option option in (Option[])[_reportDetails, _reportDetailsOf, _noReportHeads])
        {
            if (result.IsGiven(option) && !result.IsGiven(_report))
            {
                result.AddError($"{option.Name} needs --report.");
            }
        }

        if (result.IsGiven(_figureTheme) && !result.IsGiven(_figures))
        {
            result.AddError($"{_figureTheme.Name} needs {_figures.Name}.");
        }
    }

    private GroundBirdsSettings SettingsOf(ParseResult result) =>
        new()
        {
            Model = _model.Read(result),
            Seed = result.GetRequiredValue(_seed),
            Data = _data.Read(result),
            Words = WordsOf(result.GetRequiredValue(_words)),
            Threshold = result.GetRequiredValue(_threshold),
            Out = result.GetRequiredValue(_out),
            Overlays = result.GetRequiredValue(_overlays),
            Report = result.GetValue(_report),
            ReportDetails = result.GetRequiredValue(_reportDetails),
            ReportDetailsOf = WordsOf(result.GetValue(_reportDetailsOf) ?? ""),
            ReportHeads = !result.GetRequiredValue(_noReportHeads),
            Figures = result.GetRequiredValue(_figures),
            FigureTheme = Enum.Parse<FigureTheme>(result.GetRequiredValue(_figureTheme), ignoreCase: true),
            Show = result.GetRequiredValue(_show),
            Profile = result.GetValue(_profile),
        };

    private static Option<int> Images(string name, string description, int count) =>
        Count(name, description, count, least: 0, unit: "images");
}
