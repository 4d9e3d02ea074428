using System.CommandLine;
using System.CommandLine.Parsing;
using MLNetGrounding;

namespace ClassifyBirds;

/// <summary>The command line: its options and its help.</summary>
internal sealed class ClassifyBirdsCommand
{
    private const string Description = """
        Trains stock classifiers of bird species on grounding features: the features of the places where LLaVA looks when it is asked about
        the parts of a bird. Beside them: features of the whole image, of the wrong places, and of the annotated key points.

        Without options it draws sample birds, whose species come in pairs that differ in the color of one part, and asks the sample model.

        Examples:
          dotnet run -c Release --project examples/ClassifyBirds
          dotnet run -c Release --project examples/ClassifyBirds -- --reuse --pooling region --threshold 0.5
          dotnet run -c Release --project examples/ClassifyBirds -- --cub ~/data/CUB_200_2011 --model ~/models/llava-1.5-7b-hf --out classify-cub

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C.
        """;

    private static readonly int MostBirds = SampleSeeds.Classifier.Count / SpeciesPairs.SampleSpecies;

    private static readonly (string Word, PoolingWeights Weights)[] Poolings =
    [
        ("map-mass", PoolingWeights.MapMass),
        ("region", PoolingWeights.Region),
        ("region-mass", PoolingWeights.RegionMass),
    ];

    private static readonly ClassifyBirdsSettings Defaults = new();

    private readonly ModelOptions _model = new();

    private readonly DataOptions _data = new(
        "Its own train/test split tells what to train and to test on. Without it, sample birds are drawn.",
        "The largest number of CUB's images, train and test together; they come species by species."
    );

    private readonly Option<int> _birds = Count(
        "--birds",
        $"Sample birds of each of the {SpeciesPairs.SampleSpecies} species, half of them to train and half to test on.",
        Defaults.Birds,
        least: 2,
        MostBirds
    );

    private readonly Option<string> _pooling = Choice(
        "--pooling",
        "How much each cell of a map counts: by the map's mass, equally within the region, or by the mass within the region.",
        [.. Poolings.Select(pooling => pooling.Word)]
    );

    private readonly Option<double> _threshold = Share(
        "--threshold",
        "Of --pooling region and region-mass: the region is where a map, scaled from 0 to 1, is at least this.",
        Defaults.Threshold
    );

    private readonly Option<bool> _reuse = new("--reuse")
    {
        Description = "Take what an earlier run with the same --out, model and data extracted, and only train again.",
    };

    private readonly Option<string> _out = Place(
        "--out",
        "folder",
        "The folder to write to; what an earlier run extracted is replaced.",
        Defaults.Out
    );

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var options = new ClassifyBirdsCommand();
        var command = new ExampleCommand("ClassifyBirds", output, error);
        RootCommand root = options.Root();
        command.SetJob(
            root,
            (result, token) =>
            {
                new ClassifyBirdsJob(options.SettingsOf(result), output, error).Run(token);
                return ExitCode.Success;
            }
        );
        return command.RunAsync(root, arguments, cancellationToken);
    }

    private RootCommand Root() =>
        CommandOptions.Root(
            Description,
            RejectWhatHasNoEffect,
            [_model.Name, .. _data.All, _birds, _pooling, _threshold, _reuse, .. _model.Runtime, _out]
        );

    private void RejectWhatHasNoEffect(CommandResult result)
    {
        _model.RejectContradictions(result);
        if (result.IsGiven(_data.Cub) && result.IsGiven(_birds))
        {
            result.AddError("--birds is the number of sample birds, of which none are drawn with --cub. Use --limit.");
        }

        if (result.IsGiven(_data.Limit) && !result.IsGiven(_data.Cub))
        {
            result.AddError("--limit needs --cub. Use --birds for the number of sample birds.");
        }

        // Where the option was not given, its default is not known yet.
        if (result.IsGiven(_threshold) && (!result.IsGiven(_pooling) || result.GetValue(_pooling) == Poolings[0].Word))
        {
            result.AddError($"--threshold needs --pooling {Poolings[1].Word} or {Poolings[2].Word}.");
        }
    }

    private ClassifyBirdsSettings SettingsOf(ParseResult result) =>
        new()
        {
            Model = _model.Read(result),
            Data = _data.Read(result),
            Birds = result.GetRequiredValue(_birds),
            Pooling = Poolings.First(pooling => pooling.Word == result.GetRequiredValue(_pooling)).Weights,
            Threshold = result.GetRequiredValue(_threshold),
            Reuse = result.GetValue(_reuse),
            Out = result.GetRequiredValue(_out),
        };
}
