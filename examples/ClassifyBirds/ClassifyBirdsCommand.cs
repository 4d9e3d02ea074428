using System.CommandLine;
using System.CommandLine.Parsing;
using MLNetGrounding.Maths;
using MLNetGrounding.Samples;

namespace ClassifyBirds;

/// <summary>The command line: its options, its help, and what goes wrong as one line and an exit code.</summary>
internal sealed class ClassifyBirdsCommand
{
    private const string Description = """
        Trains stock classifiers of bird species on grounding features: the features of the places where LLaVA looks when it is asked about
        the parts of a bird. Beside them: features of the whole picture, of the wrong places, and of the annotated key points.

        Without options it draws sample birds, whose species come in pairs that differ in the colour of one part, and asks the sample model.

        Examples:
          dotnet run -c Release --project examples/ClassifyBirds
          dotnet run -c Release --project examples/ClassifyBirds -- --reuse --pooling Region --threshold 0.5
          dotnet run -c Release --project examples/ClassifyBirds -- --cub ~/data/CUB_200_2011 --model ~/models/llava-1.5-7b-hf

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C.
        """;

    private static readonly int MostBirds = SampleSeeds.Classifier.Count / SpeciesPairs.SampleSpecies;

    private static readonly ClassifyBirdsSettings Defaults = new();

    private readonly Option<string> _model = new("--model")
    {
        Description = "A LLaVA 1.5 checkpoint folder as it comes from the Hugging Face hub, or 'sample': the small model trained on sample birds.",
        HelpName = "folder|sample",
        DefaultValueFactory = _ => Defaults.Model,
    };

    private readonly Option<string?> _cub = new("--cub")
    {
        Description = "A CUB_200_2011 folder, the one that holds images.txt, with its own train/test split. Without it, sample birds are drawn.",
        HelpName = "folder",
    };

    private readonly Option<int> _birds = new("--birds")
    {
        CustomParser = CommandOptions.Number<int>(value => value >= 2 && value <= MostBirds, $"a whole number from 2 to {MostBirds}"),
        Description = $"Sample birds of each of the {SpeciesPairs.SampleSpecies} species, half of them to train and half to test on.",
        HelpName = "number",
        DefaultValueFactory = _ => Defaults.Birds,
    };

    private readonly Option<PoolingWeights> _pooling = new("--pooling")
    {
        Description = "How much each cell of a map counts: by the map's mass, equally within the region, or by the mass within the region.",
        DefaultValueFactory = _ => Defaults.Pooling,
    };

    private readonly Option<double> _threshold = new("--threshold")
    {
        CustomParser = CommandOptions.Number<double>(value => value is >= 0 and <= 1, "a number between 0 and 1"),
        Description = "The region is where a map, scaled from 0 to 1, is at least this.",
        HelpName = "0..1",
        DefaultValueFactory = _ => Defaults.Threshold,
    };

    private readonly Option<bool> _reuse = new("--reuse")
    {
        Description = "Take what an earlier run with the same --out extracted, and only train again.",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder to write to; files of an earlier run are replaced.",
        HelpName = "folder",
        DefaultValueFactory = _ => Defaults.Out,
    };

    /// <summary>Parses, runs, and turns what goes wrong into one line on <paramref name="error"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var options = new ClassifyBirdsCommand();
        var root = new RootCommand(Description)
        {
            options._model, options._cub, options._birds, options._pooling, options._threshold, options._reuse, options._out,
        };
        root.SetAction((result, cancellationToken) => Task.Run(() => Run(options.SettingsOf(result), output, error, cancellationToken), CancellationToken.None));
        ParseResult result = root.Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (ParseError problem in result.Errors)
            {
                error.WriteLine($"ClassifyBirds: {problem.Message}");
            }

            return ExitCode.WrongArguments;
        }

        return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    private static int Run(ClassifyBirdsSettings settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            new ClassifyBirdsJob(settings, output).Run(cancellationToken);
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception) when (Explanation.Of(exception) is { } explanation)
        {
            error.WriteLine($"ClassifyBirds: {explanation}");
            return ExitCode.Failure;
        }
    }

    private ClassifyBirdsSettings SettingsOf(ParseResult result) => new()
    {
        Model = result.GetRequiredValue(_model),
        Cub = result.GetValue(_cub),
        Birds = result.GetRequiredValue(_birds),
        Pooling = result.GetRequiredValue(_pooling),
        Threshold = result.GetRequiredValue(_threshold),
        Reuse = result.GetValue(_reuse),
        Out = result.GetRequiredValue(_out),
    };
}
