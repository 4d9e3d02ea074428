using System.CommandLine;
using System.CommandLine.Parsing;
using MLNetGrounding;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace Table1;

/// <summary>The command line: its options, its help, and what goes wrong as one line and an exit code.</summary>
internal sealed class Table1Command
{
    private const string Description = """
        Compares grounding methods, ablations of them and baselines on equal terms: the table of "Can Large Vision Language Models Ground
        Fine-Grained Attribute?" with the scores beside it that keep it honest.

        Each image is run through the model once for all methods. Scores go to scores.csv in the folder of --out as soon as an image is done;
        a run that was interrupted goes on from there. At the end it writes table.md, table.csv and table.json.

        Examples:
          dotnet run -c Release --project examples/Table1
          dotnet run -c Release --project examples/Table1 -- --methods Paper,AllHeadsMean --limit 50
          dotnet run -c Release --project examples/Table1 -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --methods all,ablations --tune

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C.
        """;

    private const string AllMethods = "all";
    private const string Ablations = "ablations";

    // A row of a large model on a CPU takes minutes.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(10);

    private static readonly Table1Settings Defaults = new();

    private readonly Option<string> _methods = new("--methods")
    {
        Description = $"The methods, separated by commas; '{AllMethods}': {Names(GroundingMethods.All)}; '{Ablations}': {Names(GroundingMethods.Ablations)}.",
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

    private readonly Option<string> _model = new("--model")
    {
        Description = "A LLaVA 1.5 checkpoint folder as it comes from the Hugging Face hub, or 'sample': the small model trained on sample birds.",
        HelpName = "folder|sample",
        DefaultValueFactory = _ => Defaults.Model,
    };

    private readonly Option<string?> _cub = new("--cub")
    {
        Description = "A CUB_200_2011 folder, the one that holds images.txt. Without it, 500 held-out sample birds are drawn, and 500 others to choose thresholds on.",
        HelpName = "folder",
    };

    private readonly Option<string> _split = CommandOptions.Choice("--split", "Which part of the data set's train/test split to score; parts' positions and thresholds are learned on the training rows where the test rows are scored.", "test", "train", "all");

    private readonly Option<int> _limit = new("--limit")
    {
        CustomParser = CommandOptions.Number<int>(value => value >= 1, "a whole number of at least 1"),
        Description = "The largest number of images, of those to score and of those to learn on. [default: all]",
        HelpName = "images",
    };

    private readonly Option<double> _threshold = new("--threshold")
    {
        CustomParser = CommandOptions.Number<double>(value => value is >= 0 and <= 1, "a number between 0 and 1"),
        Description = "The predicted region is where the map, scaled from 0 to 1, is at least this; others are swept besides.",
        HelpName = "0..1",
        DefaultValueFactory = _ => Defaults.Threshold,
    };

    private readonly Option<bool> _tune = new("--tune")
    {
        Description = "Choose each method's own threshold on the training rows and report it beside the common one.",
    };

    private readonly Option<bool> _heads = new("--heads")
    {
        Description = "Print besides how often each head's own map peaks at the queried part, and how often head selection keeps it.",
    };

    private readonly Option<string> _fit = CommandOptions.Choice("--fit", "How an image becomes the model's square: padded, or its middle cropped (a key point that is cropped away is a miss).", "pad", "crop");

    private readonly Option<string> _device = CommandOptions.Choice("--device", "Where the model runs; cuda needs a build with -p:TorchBackend=cuda.", "cpu", "cuda");

    private readonly Option<string> _precision = CommandOptions.Choice("--precision", "The type of the weights; auto is the checkpoint's own.", "auto", "float32", "bfloat16", "float16");

    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder to write to, and to go on in.",
        HelpName = "folder",
        DefaultValueFactory = _ => Defaults.Out,
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
                error.WriteLine($"Table1: {problem.Message}");
            }

            error.WriteLine("Run with --help to see all options.");
            return ExitCode.WrongArguments;
        }

        var configuration = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = TimeToStop };
        return await result.InvokeAsync(configuration, cancellationToken);
    }

    public static RootCommand Create(TextWriter output, TextWriter error)
    {
        var options = new Table1Command();
        var root = new RootCommand(Description)
        {
            options._methods, options._model, options._cub, options._split, options._limit, options._threshold, options._tune, options._heads,
            options._fit, options._device, options._precision, options._out,
        };
        // On a thread of its own: Ctrl-C is listened to once the action has returned its task.
        root.SetAction((result, cancellationToken) => Task.Run(() => Run(options.SettingsOf(result), output, error, cancellationToken), CancellationToken.None));
        return root;
    }

    private static int Run(Table1Settings settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return new Table1Job(settings, output, error).Run(cancellationToken);
        }
        catch (Exception exception) when (Explanation.Of(exception) is { } explanation)
        {
            error.WriteLine($"Table1: {explanation}");
            return ExitCode.Failure;
        }
    }

    private Table1Settings SettingsOf(ParseResult result) => new()
    {
        Methods = MethodsOf(result.GetRequiredValue(_methods)),
        Model = result.GetRequiredValue(_model),
        Cub = result.GetValue(_cub),
        Split = Enum.Parse<CubSplit>(result.GetRequiredValue(_split), ignoreCase: true),
        Limit = result.GetResult(_limit) is null ? null : result.GetValue(_limit),
        Threshold = result.GetRequiredValue(_threshold),
        Tune = result.GetValue(_tune),
        Heads = result.GetValue(_heads),
        Fit = result.GetRequiredValue(_fit) == "crop" ? ImageFit.CenterCrop : ImageFit.Pad,
        Device = Enum.Parse<LlavaDevice>(result.GetRequiredValue(_device), ignoreCase: true),
        Precision = result.GetRequiredValue(_precision) is var type && type == "auto" ? LlavaPrecision.Automatic : Enum.Parse<LlavaPrecision>(type, ignoreCase: true),
        Out = result.GetRequiredValue(_out),
    };

    private static GroundingMethod[] MethodsOf(string? list)
    {
        GroundingMethod[] methods = [.. (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(name => name.ToLowerInvariant() switch
            {
                AllMethods => GroundingMethods.All,
                Ablations => GroundingMethods.Ablations,
                _ => (IEnumerable<GroundingMethod>)[GroundingMethods.ByName(name)],
            })
            .DistinctBy(method => method.Name)];
        return methods.Length > 0 ? methods : throw new ArgumentException("--methods needs at least one name.");
    }

    private static string Names(IEnumerable<GroundingMethod> methods) => string.Join(", ", methods.Select(method => method.Name));
}
