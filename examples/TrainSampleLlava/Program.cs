using System.CommandLine;
using MLNetGrounding.Llava;
using MLNetGrounding.Samples;
using TrainSampleLlava;
using static TorchSharp.torch;

TorchRuntime.EnsureLoadable();
TrainingOptions defaults = new();
Option<DirectoryInfo> output = new("--output") { Description = "Folder of the training state, the loss log and the finished checkpoint.", DefaultValueFactory = _ => new DirectoryInfo("sample-llava") };
Option<int> steps = new("--steps") { Description = "Steps to train.", DefaultValueFactory = _ => defaults.Steps };
Option<int> seed = new("--seed") { Description = "Chooses the initial weights and the birds.", DefaultValueFactory = _ => defaults.Seed };
Option<int> threads = new("--threads") { Description = "Threads of libtorch; a run repeats bit for bit with the same number.", DefaultValueFactory = _ => 2 };
Option<bool> resume = new("--resume") { Description = "Continues from the training state in the output folder." };
RootCommand train = new("Trains the tiny LLaVA of MLNetGrounding.Samples on drawn birds, writes it as a checkpoint and measures its answers on birds it has never seen.") { output, steps, seed, threads, resume };

// On a thread of its own, so that Ctrl+C and a termination signal are seen: the run then saves its state.
train.SetAction((parsed, cancellationToken) => Task.Run(() => Train(parsed, cancellationToken), CancellationToken.None));

Argument<DirectoryInfo> folder = new("checkpoint") { Description = "A checkpoint folder." };
Option<int> birds = new("--birds") { Description = "Number of held-out birds.", DefaultValueFactory = _ => SampleSeeds.Accuracy.Count };
Command evaluate = new("evaluate", "Measures a checkpoint's answers on birds it has never seen.") { folder, birds };
evaluate.SetAction(parsed => Evaluate(parsed.GetRequiredValue(folder).FullName, parsed.GetRequiredValue(birds)));
train.Subcommands.Add(evaluate);

Option<double[]> biases = new("--bias") { Description = "What is added to the attention scores.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [-2, 0, 0.5, 1, 2, 3, 4, 6, 8] };
Option<int> amplifiedBirds = new("--birds") { Description = "Number of held-out birds.", DefaultValueFactory = _ => 500 };
Option<double> firstLayerDepth = new("--first-layer-depth") { Description = "The first amplified layer, as a share of the layers.", DefaultValueFactory = _ => new AttentionAmplification().FirstLayerDepth };
Option<double> maskThreshold = new("--mask-threshold") { Description = "Where the coarse mask, scaled to 0..1, counts.", DefaultValueFactory = _ => new AttentionAmplification().MaskThreshold };
Command amplify = new("amplify", "Measures what amplifying attention under the coarse mask does to a checkpoint's answers.") { folder, biases, amplifiedBirds, firstLayerDepth, maskThreshold };
amplify.SetAction(parsed => Console.Write(AmplificationTable.Measure(
    parsed.GetRequiredValue(folder).FullName,
    SampleSeeds.Accuracy,
    parsed.GetRequiredValue(amplifiedBirds),
    parsed.GetRequiredValue(biases),
    parsed.GetRequiredValue(firstLayerDepth),
    parsed.GetRequiredValue(maskThreshold))));
train.Subcommands.Add(amplify);
return await train.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

void Train(ParseResult parsed, CancellationToken cancellationToken)
{
    TrainingOptions options = defaults with { Steps = parsed.GetRequiredValue(steps), Seed = parsed.GetRequiredValue(seed) };
    string directory = parsed.GetRequiredValue(output).FullName;
    set_num_threads(parsed.GetRequiredValue(threads));
    using Trainer trainer = new(options);
    Console.WriteLine($"{trainer.Parameters.Values.numel():N0} parameters");
    new TrainingRun(options, directory, Console.Out).Train(trainer, parsed.GetValue(resume), cancellationToken);
    if (trainer.Step < options.Steps)
    {
        Console.WriteLine($"Stopped after step {trainer.Step}; continue with --resume.");
        return;
    }

    string checkpoint = Path.Combine(directory, "checkpoint");
    SampleCheckpoint.Write(checkpoint, trainer, options, $"dotnet run -c Release --project examples/TrainSampleLlava -- --steps {options.Steps} --seed {options.Seed} --threads {parsed.GetRequiredValue(threads)}");
    Evaluate(checkpoint, SampleSeeds.Accuracy.Count);
}

static void Evaluate(string checkpoint, int count)
{
    AnswerScores scores = HeldOutAccuracy.Measure(checkpoint, SampleSeeds.Accuracy, count);
    Console.Write(scores.ToTable());
}
