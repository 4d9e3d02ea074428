using System.CommandLine;
using MLNetGrounding;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>The command line: its commands, their options and their help.</summary>
internal sealed class TrainCommand
{
    private const string Description = """
        Trains the tiny LLaVA of MLNetGrounding.Samples on drawn birds and cars, writes it as a checkpoint and measures its
        answers on images it has never seen. Ctrl-C saves the state, and --resume goes on from there.

        Examples:
          dotnet run -c Release --project examples/TrainSampleLlava -- --output sample-llava
          dotnet run -c Release --project examples/TrainSampleLlava -- --output sample-llava --resume
          dotnet run -c Release --project examples/TrainSampleLlava -- evaluate sample-llava/checkpoint

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C.
        """;

    private static readonly TrainingOptions Defaults = new();

    private readonly Option<string> _output = Place(
        "--output",
        "folder",
        "The folder of the training state, the loss log and the finished checkpoint.",
        "sample-llava"
    );

    private readonly Option<int> _steps = Count(
        "--steps",
        "Steps to train.",
        Defaults.Steps,
        least: 1,
        ExampleQueue.MostSteps(Defaults.BatchSize)
    );

    private readonly Option<int> _seed = Count(
        "--seed",
        "Chooses the initial weights and the images.",
        Defaults.Seed,
        least: 0,
        ExampleQueue.LargestSeed
    );

    private readonly Option<int> _threads = Count(
        "--threads",
        "Threads of libtorch; a run repeats bit for bit with the same number.",
        2,
        least: 1
    );

    private readonly Option<string> _device = Choice(
        "--device",
        "Where it is computed; cuda needs a build with -p:TorchBackend=cuda.",
        "cpu",
        "cuda"
    );

    private readonly Option<int?> _seconds = new("--seconds")
    {
        CustomParser = result => WholeNumber(1)(result),
        Description = "Save the state and stop after so many seconds. [default: train to the last step]",
        HelpName = "number",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on from the training state in the folder of --output; without it, such a folder is refused.",
    };

    private readonly Argument<string> _checkpoint = new("checkpoint")
    {
        Description = "A checkpoint folder that knows the sample model's words.",
    };

    private readonly Option<int> _images = Count(
        "--images",
        "Number of held-out images of each subject.",
        SampleSeeds.Accuracy.Count,
        least: 1,
        SampleSeeds.Accuracy.Count
    );

    private readonly Option<int> _answeredImages = Count(
        "--images",
        "Number of held-out images.",
        500,
        least: 1,
        SampleSeeds.Accuracy.Count
    );

    private readonly Option<string> _subject = Choice(
        "--subject",
        "What the images show.",
        [.. Subject.All.Select(subject => subject.Word)]
    );

    private readonly Option<string> _figures = Place(
        "--figures",
        "folder",
        "A folder for an example image of each outcome. [default: none]"
    );

    private readonly Option<int> _amplifiedBirds = Birds(500);

    private readonly Option<double[]> _biases = new("--bias")
    {
        CustomParser = Numbers,
        Description = "What is added to the attention scores.",
        HelpName = "numbers",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [-2, 0, 0.5, 1, 2, 3, 4, 6, 8],
    };

    private readonly Option<double> _firstLayerDepth = Share(
        "--first-layer-depth",
        "The first amplified layer, as a share of the layers.",
        new AttentionAmplification().FirstLayerDepth
    );

    private readonly Option<double> _maskThreshold = Share(
        "--mask-threshold",
        "Where the coarse mask, scaled to 0..1, counts.",
        new AttentionAmplification().MaskThreshold
    );

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        TorchRuntime.EnsureLoadable();
        var options = new TrainCommand();
        var command = new ExampleCommand("TrainSampleLlava", output, error);
        RootCommand train = new(Description)
        {
            options._output,
            options._steps,
            options._seed,
            options._threads,
            options._device,
            options._seconds,
            options._resume,
        };
        command.SetJob(train, (result, token) => options.Train(result, output, token));

        Command evaluate = new("evaluate", "Measures a checkpoint's answers on images it has never seen.")
        {
            options._checkpoint,
            options._images,
        };
        command.SetJob(
            evaluate,
            (result, token) =>
                Evaluate(result.GetRequiredValue(options._checkpoint), result.GetRequiredValue(options._images), output, token)
        );
        train.Subcommands.Add(evaluate);

        Command places = new("evaluate-answers", "Measures whether right answers look at the right place.")
        {
            options._checkpoint,
            options._answeredImages,
            options._subject,
            options._figures,
        };
        command.SetJob(places, (result, token) => options.Places(result, output, token));
        train.Subcommands.Add(places);

        Command amplify = new("amplify", "Measures what amplifying attention under the coarse mask does to a checkpoint's answers.")
        {
            options._checkpoint,
            options._biases,
            options._amplifiedBirds,
            options._firstLayerDepth,
            options._maskThreshold,
        };
        command.SetJob(amplify, (result, token) => options.Amplify(result, output, token));
        train.Subcommands.Add(amplify);
        return command.RunAsync(train, arguments, cancellationToken);
    }

    private int Train(ParseResult result, TextWriter output, CancellationToken cancellationToken)
    {
        TrainingOptions options = Defaults with { Steps = result.GetRequiredValue(_steps), Seed = result.GetRequiredValue(_seed) };
        int threads = result.GetRequiredValue(_threads);
        string directory = Path.GetFullPath(result.GetRequiredValue(_output));
        bool resume = result.GetValue(_resume);
        if (resume && !Directory.Exists(directory))
        {
            throw new CommandException(
                $"'{directory}' does not exist, so there is nothing to resume. Name the folder of the run, or leave out --resume."
            );
        }

        using var folder = FolderLock.Take(directory);
        string checkpoint = Path.Combine(directory, "checkpoint");
        Outputs.CheckFolder(checkpoint);
        string device = result.GetRequiredValue(_device);
        if (device == "cuda" && !cuda.is_available())
        {
            throw new CommandException("No CUDA device can be used here. Build with -p:TorchBackend=cuda, or leave out --device.");
        }

        set_num_threads(threads);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (result.GetValue(_seconds) is { } seconds)
        {
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        using Trainer trainer = new(options, new Device(device));
        output.WriteLine($"{trainer.Parameters.Values.numel():N0} parameters");
        new TrainingRun(options, directory, output).Train(trainer, resume, stop.Token);
        if (trainer.Step < options.Steps)
        {
            output.WriteLine($"Stopped after step {trainer.Step}; go on with --resume.");
            return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
        }

        SampleCheckpoint.Write(
            checkpoint,
            trainer,
            options,
            $"dotnet run -c Release --project examples/TrainSampleLlava -- --steps {options.Steps} --seed {options.Seed} --threads {threads} --device {device}"
        );
        return Evaluate(checkpoint, SampleSeeds.Accuracy.Count, output, cancellationToken);
    }

    private static int Evaluate(string checkpoint, int count, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (Subject subject in Subject.All)
        {
            AnswerScores scores = HeldOutAccuracy.Measure(
                checkpoint,
                subject,
                SampleSeeds.Accuracy,
                count,
                cancellationToken: cancellationToken
            );
            output.WriteLine(scores.ToTable(subject));
        }

        return ExitCode.Success;
    }

    private int Places(ParseResult result, TextWriter output, CancellationToken cancellationToken)
    {
        string? figures = result.GetValue(_figures);
        if (figures is not null)
        {
            Outputs.CheckFolder(figures);
        }

        output.Write(
            AnswerPlaces.Measure(
                result.GetRequiredValue(_checkpoint),
                Subject.All.First(subject => subject.Word == result.GetRequiredValue(_subject)),
                SampleSeeds.Accuracy,
                result.GetRequiredValue(_answeredImages),
                figures,
                cancellationToken
            )
        );
        return ExitCode.Success;
    }

    private int Amplify(ParseResult result, TextWriter output, CancellationToken cancellationToken)
    {
        output.Write(
            AmplificationTable.Measure(
                result.GetRequiredValue(_checkpoint),
                SampleSeeds.Accuracy,
                result.GetRequiredValue(_amplifiedBirds),
                result.GetRequiredValue(_biases),
                result.GetRequiredValue(_firstLayerDepth),
                result.GetRequiredValue(_maskThreshold),
                cancellationToken
            )
        );
        return ExitCode.Success;
    }

    private static Option<int> Birds(int count) =>
        Count("--birds", "Number of held-out birds.", count, least: 1, SampleSeeds.Accuracy.Count);
}
