using System.Diagnostics;
using System.Globalization;
using MLNetGrounding;

namespace TrainSampleLlava;

/// <summary>A whole run: batches, steps, log, progress and checkpoints.</summary>
internal sealed class TrainingRun(TrainingOptions options, string directory, TextWriter progress)
{
    public const string StateFileName = "training-state.safetensors";
    public const string LossFileName = "loss.csv";

    private const int ReportEvery = 50;
    private const int SaveEvery = 500;
    private const int ValidateEvery = 1000;
    private const int ValidationFigures = 256;

    // The end of the training seeds, which no run reaches.
    private static readonly SampleSeedRange Validation = new(
        "validation",
        SampleSeeds.Train[SampleSeeds.Train.Count - ValidationFigures],
        ValidationFigures
    );

    private readonly Lazy<IReadOnlyList<ExampleBatch>> _validation = new(() => DrawValidation(options));

    private string StatePath => Path.Combine(directory, StateFileName);

    /// <summary>Trains to the last step.</summary>
    /// <param name="trainer">A fresh trainer of the same options.</param>
    /// <param name="resume">Whether to continue from the state in the folder.</param>
    /// <param name="cancellationToken">Stops after the current step, with the state saved.</param>
    /// <exception cref="CommandException">The folder holds a state that is not to be resumed, or none that is.</exception>
    public void Train(Trainer trainer, bool resume, CancellationToken cancellationToken)
    {
        if (resume && !File.Exists(StatePath))
        {
            throw new CommandException(
                $"'{StatePath}' does not exist, so there is nothing to resume. Name the folder of the run, or leave out --resume."
            );
        }

        if (!resume && File.Exists(StatePath))
        {
            throw new CommandException(
                $"'{StatePath}' is the state of another run. Go on with it by --resume, name another folder with --output, or delete this one."
            );
        }

        Directory.CreateDirectory(directory);
        if (resume)
        {
            trainer.Resume(StatePath);
        }

        using LossLog log = new(Path.Combine(directory, LossFileName), trainer.Step);
        using ExampleQueue queue = new(options, trainer.Step);
        AnswerScores scores = new();
        double loss = 0;
        int steps = 0;
        var watch = Stopwatch.StartNew();
        while (trainer.Step < options.Steps && !cancellationToken.IsCancellationRequested)
        {
            double last = trainer.Learn(queue.Take(), scores);
            log.Add(trainer.Step, last);
            loss += last;
            steps++;
            if (trainer.Step % ReportEvery == 0)
            {
                Report(trainer.Step, steps, watch.Elapsed, loss / steps, scores);
                (loss, steps, scores) = (0, 0, new AnswerScores());
                watch.Restart();
            }

            if (trainer.Step % SaveEvery == 0)
            {
                Save(trainer, log);
            }

            if (trainer.Step % ValidateEvery == 0)
            {
                progress.WriteLine($"held out {trainer.Evaluate(_validation.Value)}");
                watch.Restart();
            }
        }

        Save(trainer, log);
    }

    /// <summary>A run that is killed while it writes keeps its last whole state.</summary>
    private void Save(Trainer trainer, LossLog log)
    {
        log.Flush();
        string unfinished = StatePath + ".new";
        trainer.Save(unfinished);
        File.Move(unfinished, StatePath, overwrite: true);
    }

    private static IReadOnlyList<ExampleBatch> DrawValidation(TrainingOptions options)
    {
        using SubjectDrawer drawer = new();
        return
        [
            .. Subject.All.SelectMany(subject =>
                Enumerable
                    .Range(0, ValidationFigures)
                    .Select(index => SubjectExample.Draw(drawer, subject, Validation[index], 1, options.ImageSize))
                    .Chunk(options.BatchSize)
                    .Select(ExampleBatch.Of)
            ),
        ];
    }

    private void Report(long step, int steps, TimeSpan elapsed, double loss, AnswerScores scores)
    {
        var left = TimeSpan.FromSeconds((options.Steps - step) * elapsed.TotalSeconds / steps);
        string parts = string.Join(
            "  ",
            Subject.All.Select(subject =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{subject.Plural} {scores.PartAccuracy(subject, AnswerForm.Word):0.000}/{scores.PartAccuracy(subject, AnswerForm.Question):0.000}"
                )
            )
        );
        progress.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"step {step}/{options.Steps}  {steps * options.BatchSize / elapsed.TotalSeconds:0} images/s  {Durations.Text(left)} left  loss {loss:0.0000}  {parts}"
            )
        );
    }
}
