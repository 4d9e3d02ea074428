using System.CommandLine;
using System.CommandLine.Parsing;
using MLNetGrounding;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace GroundBirds;

/// <summary>The command line: its options, its help, and what goes wrong as one line and an exit code.</summary>
internal sealed class GroundBirdsCommand
{
    private const string Description = """
        Asks LLaVA where the parts of birds are, finds where it looks, and scores that on the birds' annotated key points (mPIR).

        Without options it draws sample birds and asks the sample model about them; nothing is downloaded. It prints a table of mPIR per
        attribute and writes, into the folder of --out, a score for every image and attribute (scores.csv) and pictures (overlays).

        Examples:
          dotnet run --project examples/GroundBirds
          dotnet run --project examples/GroundBirds -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --split test
          dotnet run --project examples/GroundBirds -- --cub ~/data/CUB_200_2011 --limit 50 --queries beak,tail --overlays 50
          dotnet run --project examples/GroundBirds -- --report report.html --show 2

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C (what was done until then is written and printed).
        """;

    // A row of a large model on a CPU takes minutes, and the table of what is done comes after it.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(10);

    private static readonly GroundBirdsSettings Defaults = new();

    private readonly Option<string> _model = new("--model")
    {
        Description = "A LLaVA 1.5 checkpoint folder as it comes from the Hugging Face hub; 'sample': the small model trained on sample birds; or 'random': random weights, which show that everything works and mean nothing.",
        HelpName = "folder|sample|random",
        DefaultValueFactory = _ => Defaults.Model,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        CustomParser = Number<int>(_ => true, "a whole number"),
        Description = "The seed of the weights of --model random.",
        HelpName = "number",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    private readonly Option<string?> _cub = new("--cub")
    {
        Description = "A CUB_200_2011 folder, the one that holds images.txt. Without it, sample birds are drawn.",
        HelpName = "folder",
    };

    private readonly Option<string> _split = Choice("--split", "Which part of the data set's train/test split.", "all", "train", "test");

    private readonly Option<int> _limit = new("--limit")
    {
        CustomParser = Number<int>(value => value >= 1, "a whole number of at least 1"),
        Description = "The largest number of images. [default: all]",
        HelpName = "images",
    };

    private readonly Option<string> _queries = new("--queries")
    {
        Description = $"The words to ask about, separated by commas. Scored are: {string.Join(", ", CubParts.Attributes)}; any other word gets pictures only.",
        HelpName = "words",
        DefaultValueFactory = _ => string.Join(',', Defaults.Queries),
        Validators =
        {
            result =>
            {
                string[] words = WordsOf(result.GetValueOrDefault<string>());
                if (words.Length == 0 || words.Distinct(StringComparer.Ordinal).Count() < words.Length)
                {
                    result.AddError("--queries needs at least one word, and each word once.");
                }
            },
        },
    };

    private readonly Option<string> _fit = Choice("--fit", "How an image becomes the model's square: padded, or its middle cropped (a key point that is cropped away is a miss).", "pad", "crop");

    private readonly Option<double> _threshold = new("--threshold")
    {
        CustomParser = Number<double>(value => value is >= 0 and <= 1, "a number between 0 and 1"),
        Description = "The predicted region is where the map, scaled from 0 to 1, is at least this.",
        HelpName = "0..1",
        DefaultValueFactory = _ => Defaults.Threshold,
    };

    private readonly Option<string> _device = Choice("--device", "Where the model runs; cuda needs a build with -p:TorchBackend=cuda.", "cpu", "cuda");

    private readonly Option<string> _precision = Choice("--precision", "The type of the weights; auto is the checkpoint's own.", "auto", "float32", "bfloat16", "float16");

    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder to write to; files of an earlier run are replaced.",
        HelpName = "folder",
        DefaultValueFactory = _ => Defaults.Out,
    };

    private readonly Option<int> _overlays = Count("--overlays", "How many images get pictures: the first ones of the data.", Defaults.Overlays);

    private readonly Option<string?> _report = new("--report")
    {
        Description = "An HTML file to write: scores with intervals, and a gallery of all maps to look through in a browser, offline.",
        HelpName = "file",
    };

    private readonly Option<int> _reportDetails = Count("--report-details", "How many images of the report, from the first on, can be opened down to every layer and head.", Defaults.ReportDetails);

    private readonly Option<int> _figures = Count("--figures", "How many images, from the first on, get the paper's figures: all queries, mask, layers, heads.", Defaults.Figures);

    private readonly Option<int> _show = Count("--show", "How many images, from the first on, have their maps drawn in the terminal.", Defaults.Show);

    private readonly Option<bool> _profile = new("--profile")
    {
        Description = "Say also where the time outside the model goes.",
    };

    /// <summary>Parses, runs, and turns what goes wrong into one line on <paramref name="error"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        RootCommand root = Create(output, error);
        ParseResult result = root.Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (ParseError problem in result.Errors)
            {
                error.WriteLine($"GroundBirds: {problem.Message}");
            }

            error.WriteLine("Run with --help to see all options.");
            return ExitCode.WrongArguments;
        }

        var configuration = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = TimeToStop };
        return await result.InvokeAsync(configuration, cancellationToken);
    }

    public static RootCommand Create(TextWriter output, TextWriter error)
    {
        var options = new GroundBirdsCommand();
        var root = new RootCommand(Description)
        {
            options._model, options._cub, options._split, options._limit, options._queries, options._fit, options._threshold,
            options._overlays, options._figures, options._report, options._reportDetails, options._show, options._out, options._device, options._precision, options._seed, options._profile,
        };
        // On a thread of its own: Ctrl-C is listened to once the action has returned its task.
        root.SetAction((result, cancellationToken) => Task.Run(() => Run(options.SettingsOf(result), output, error, cancellationToken), CancellationToken.None));
        return root;
    }

    private static int Run(GroundBirdsSettings settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            using var job = new GroundBirdsJob(settings, output, error);
            return job.Run(cancellationToken);
        }
        catch (Exception exception) when (Explanation.Of(exception) is { } explanation)
        {
            error.WriteLine($"GroundBirds: {explanation}");
            return ExitCode.Failure;
        }
    }

    private GroundBirdsSettings SettingsOf(ParseResult result) => new()
    {
        Model = result.GetRequiredValue(_model),
        Seed = result.GetRequiredValue(_seed),
        Cub = result.GetValue(_cub),
        Split = Enum.Parse<CubSplit>(result.GetRequiredValue(_split), ignoreCase: true),
        Limit = result.GetResult(_limit) is null ? null : result.GetValue(_limit),
        Queries = WordsOf(result.GetRequiredValue(_queries)),
        Fit = result.GetRequiredValue(_fit) == "crop" ? ImageFit.CenterCrop : ImageFit.Pad,
        Threshold = result.GetRequiredValue(_threshold),
        Device = Enum.Parse<LlavaDevice>(result.GetRequiredValue(_device), ignoreCase: true),
        Precision = result.GetRequiredValue(_precision) is var type && type == "auto" ? LlavaPrecision.Automatic : Enum.Parse<LlavaPrecision>(type, ignoreCase: true),
        Out = result.GetRequiredValue(_out),
        Overlays = result.GetRequiredValue(_overlays),
        Report = result.GetValue(_report),
        ReportDetails = result.GetRequiredValue(_reportDetails),
        Figures = result.GetRequiredValue(_figures),
        Show = result.GetRequiredValue(_show),
        Profile = result.GetValue(_profile),
    };

    private static string[] WordsOf(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>An option that takes a number of images.</summary>
    private static Option<int> Count(string name, string description, int count) => new(name)
    {
        CustomParser = Number<int>(value => value >= 0, "a whole number of at least 0"),
        Description = description,
        HelpName = "images",
        DefaultValueFactory = _ => count,
    };
}
