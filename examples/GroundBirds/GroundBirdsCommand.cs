using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MLNetGrounding;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace GroundBirds;

/// <summary>The command line: its options, its help, and what goes wrong as one line and an exit code.</summary>
internal static class GroundBirdsCommand
{
    private const string Description = """
        Asks LLaVA where the parts of birds are, finds where it looks, and scores that on the birds' annotated key points (mPIR).

        Without options it draws sample birds and runs a small model on them; nothing is downloaded. It prints a table of mPIR per
        attribute and writes, into the folder of --out, a score for every image and attribute (scores.csv) and pictures (overlays).

        Examples:
          dotnet run --project examples/GroundBirds
          dotnet run --project examples/GroundBirds -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --split test
          dotnet run --project examples/GroundBirds -- --cub ~/data/CUB_200_2011 --limit 50 --queries beak,tail --overlays 50

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C (what was done until then is written and printed).
        """;

    // A row of a large model on a CPU takes minutes, and the table of what is done comes after it.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(10);

    private static readonly GroundBirdsSettings Defaults = new();

    private static readonly Option<string> Model = new("--model")
    {
        Description = "A LLaVA 1.5 checkpoint folder as it comes from the Hugging Face hub, or 'random': small random weights, which show that everything works and mean nothing.",
        HelpName = "folder|random",
        DefaultValueFactory = _ => Defaults.Model,
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "The seed of the weights of --model random.",
        HelpName = "number",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    private static readonly Option<string?> Cub = new("--cub")
    {
        Description = "A CUB_200_2011 folder, the one that holds images.txt. Without it, sample birds are drawn.",
        HelpName = "folder",
    };

    private static readonly Option<CubSplit> Split = Choice("--split", "Which part of the data set's train/test split.", Defaults.Split, ("all", CubSplit.All), ("train", CubSplit.Train), ("test", CubSplit.Test));

    private static readonly Option<int?> Limit = new("--limit")
    {
        Description = "The largest number of images. [default: all]",
        HelpName = "images",
    };

    private static readonly Option<string[]> Queries = new("--queries")
    {
        Description = $"The words to ask about, separated by commas. Scored are: {string.Join(", ", CubParts.Attributes)}; any other word gets pictures only.",
        HelpName = "words",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        DefaultValueFactory = _ => [.. Defaults.Queries],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<ImageFit> Fit = Choice("--fit", "How an image becomes the model's square: padded, or its middle cropped (a key point that is cropped away is a miss).", Defaults.Fit, ("pad", ImageFit.Pad), ("crop", ImageFit.CenterCrop));

    private static readonly Option<double> Threshold = new("--threshold")
    {
        Description = "The predicted region is where the map, scaled from 0 to 1, is at least this.",
        HelpName = "0..1",
        DefaultValueFactory = _ => Defaults.Threshold,
    };

    private static readonly Option<LlavaDevice> Device = Choice("--device", "Where the model runs; cuda needs a build with -p:TorchBackend=cuda.", Defaults.Device, ("cpu", LlavaDevice.Cpu), ("cuda", LlavaDevice.Cuda));

    private static readonly Option<LlavaPrecision> Precision = Choice(
        "--precision",
        "The type of weights; auto is the checkpoint's own.",
        Defaults.Precision,
        ("auto", LlavaPrecision.Automatic),
        ("float32", LlavaPrecision.Float32),
        ("bfloat16", LlavaPrecision.BFloat16),
        ("float16", LlavaPrecision.Float16));

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The folder to write to; files of an earlier run are replaced.",
        HelpName = "folder",
        DefaultValueFactory = _ => Defaults.Out,
    };

    private static readonly Option<int> Overlays = new("--overlays")
    {
        Description = "How many images get pictures: the first ones of the data.",
        HelpName = "images",
        DefaultValueFactory = _ => Defaults.Overlays,
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

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        Limit.Validators.Add(AtLeast(1));
        Overlays.Validators.Add(AtLeast(0));
        Threshold.Validators.Add(result =>
        {
            if (!Value<double>(result, value => value is >= 0 and <= 1))
            {
                result.AddError("--threshold must be between 0 and 1.");
            }
        });
        Queries.Validators.Add(result =>
        {
            string[] words = result.GetValueOrDefault<string[]>();
            if (words.Length == 0 || words.Distinct(StringComparer.Ordinal).Count() < words.Length)
            {
                result.AddError("--queries needs at least one word, and each word once.");
            }
        });
        var root = new RootCommand(Description) { Model, Cub, Split, Limit, Queries, Fit, Threshold, Overlays, Out, Device, Precision, Seed };
        root.SetAction((result, cancellationToken) => Task.FromResult(Run(SettingsOf(result), output, error, cancellationToken)));
        return root;
    }

    private static int Run(GroundBirdsSettings settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return new GroundBirdsJob(settings, output, error).Run(cancellationToken);
        }
        catch (Exception exception) when (Explanation.Of(exception) is { } explanation)
        {
            error.WriteLine($"GroundBirds: {explanation}");
            return ExitCode.Failure;
        }
    }

    private static GroundBirdsSettings SettingsOf(ParseResult result) => new()
    {
        Model = result.GetRequiredValue(Model),
        Seed = result.GetRequiredValue(Seed),
        Cub = result.GetValue(Cub),
        Split = result.GetRequiredValue(Split),
        Limit = result.GetValue(Limit),
        Queries = result.GetRequiredValue(Queries),
        Fit = result.GetRequiredValue(Fit),
        Threshold = result.GetRequiredValue(Threshold),
        Device = result.GetRequiredValue(Device),
        Precision = result.GetRequiredValue(Precision),
        Out = result.GetRequiredValue(Out),
        Overlays = result.GetRequiredValue(Overlays),
    };

    /// <summary>An option that takes one of a few words.</summary>
    private static Option<T> Choice<T>(string name, string description, T defaultValue, params (string Word, T Value)[] choices)
        where T : struct, Enum
    {
        string words = string.Join("|", choices.Select(choice => choice.Word));
        return new Option<T>(name)
        {
            Description = $"{description} [default: {choices.First(choice => choice.Value.Equals(defaultValue)).Word}]",
            HelpName = words,
            CustomParser = result =>
            {
                string word = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
                foreach ((string Word, T Value) choice in choices)
                {
                    if (choice.Word.Equals(word, StringComparison.OrdinalIgnoreCase))
                    {
                        return choice.Value;
                    }
                }

                result.AddError($"{name} must be one of {words.Replace("|", ", ", StringComparison.Ordinal)}, not '{word}'.");
                return defaultValue;
            },
        };
    }

    private static Action<OptionResult> AtLeast(int smallest) => result =>
    {
        if (!Value<int>(result, value => value >= smallest))
        {
            result.AddError($"{result.Option.Name} must be at least {smallest}.");
        }
    };

    /// <summary>Whether a value passes; a text that is no value at all has its own error already.</summary>
    private static bool Value<T>(OptionResult result, Predicate<T> passes)
        where T : IParsable<T> =>
        result.Tokens.Count == 0 || !T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out T? value) || passes(value);
}
