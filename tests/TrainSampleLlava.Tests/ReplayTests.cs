using MLNetGrounding.Testing;

namespace TrainSampleLlava;

[TestClass]
public sealed class ReplayTests
{
    // Relative. The committed run had two threads; one thread, which is no slower where cores are shared, changes its first 200 losses
    // by up to 4e-7.
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void TheFirstStepsRepeatTheCommittedLog()
    {
        const int steps = 200;
        IReadOnlyList<float> committed = LossLog.Read(Path.Combine(AppContext.BaseDirectory, TrainingRun.LossFileName));
        TrainingOptions options = new();
        Assert.HasCount(options.Steps, committed, "the log belongs to another run than the options");
        using Trainer trainer = new(options);
        using BirdBatchQueue queue = new(options, firstStep: 0);
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
        using BirdBatchQueue queue = new(options, firstStep: 0);
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
