using MLNetGrounding.Testing;

namespace TrainSampleLlava;

[TestClass]
public sealed class ReplayTests
{
    // Relative. The committed run was made on a CUDA device, whose first twelve losses differ from the CPU's by up to 9e-8; those of two
    // runs on it differ by up to 1e-6 after 200 steps and by a third after 2,000, as rounding grows.
    private const double Tolerance = 1e-6;

    [TestMethod]
    public void TheFirstStepsRepeatTheCommittedLog()
    {
        const int steps = 12;
        IReadOnlyList<float> committed = LossLog.Read(Path.Combine(AppContext.BaseDirectory, TrainingRun.LossFileName));
        TrainingOptions options = new();
        Assert.HasCount(options.Steps, committed, "the log belongs to another run than the options");
        using Trainer trainer = new(options);
        using ExampleQueue queue = new(options, firstStep: 0);
        for (int step = 0; step < steps; step++)
        {
            double loss = trainer.Learn(queue.Take(), new AnswerScores());
            Assert.AreEqual(committed[step], loss, Tolerance * committed[step], $"step {step + 1}");
        }
    }

    [TestMethod]
    public void AResumedRunEqualsAStraightOne()
    {
        TrainingOptions options = new() { Steps = 6, BatchSize = 2 };
        using TemporaryFolder folder = new();
        string straight = Path.Combine(folder.Path, "straight");
        string halted = Path.Combine(folder.Path, "halted");
        float[] expected = Train(options, straight, resume: false);
        Halt(options, halted, steps: 3);
        float[] resumed = Train(options, halted, resume: true);
        CollectionAssert.AreEqual(expected, resumed);
        Assert.AreEqual(
            File.ReadAllText(Path.Combine(straight, TrainingRun.LossFileName)),
            File.ReadAllText(Path.Combine(halted, TrainingRun.LossFileName))
        );
    }

    /// <summary>Leaves behind what a run does that was stopped.</summary>
    private static void Halt(TrainingOptions options, string directory, int steps)
    {
        Directory.CreateDirectory(directory);
        using Trainer trainer = new(options);
        using LossLog log = new(Path.Combine(directory, TrainingRun.LossFileName), steps: 0);
        using ExampleQueue queue = new(options, firstStep: 0);
        while (trainer.Step < steps)
        {
            log.Add(trainer.Step + 1, trainer.Learn(queue.Take(), new AnswerScores()));
        }

        trainer.Save(Path.Combine(directory, TrainingRun.StateFileName));

        // Logged after the state was saved, so no part of it.
        log.Add(steps + 1, double.NaN);
    }

    private static float[] Train(TrainingOptions options, string directory, bool resume)
    {
        using Trainer trainer = new(options);
        new TrainingRun(options, directory, TextWriter.Null).Train(trainer, resume, CancellationToken.None);
        return trainer.Parameters.Values.data<float>().ToArray();
    }
}
