namespace TrainSampleLlava;

[TestClass]
public sealed class TrainingOptionsTests
{
    [TestMethod]
    public void TheLearningRateRisesHoldsAndFallsToNothing()
    {
        TrainingOptions options = new()
        {
            Steps = 100,
            WarmUpSteps = 10,
            DecaySteps = 40,
            LearningRate = 2,
        };
        Assert.AreEqual(0.2, options.LearningRateAt(0), 1e-12);
        Assert.AreEqual(2, options.LearningRateAt(9), 1e-12);
        Assert.AreEqual(2, options.LearningRateAt(60), 1e-12);
        Assert.AreEqual(1, options.LearningRateAt(80), 1e-12);
        Assert.AreEqual(0, options.LearningRateAt(100), 1e-12);
    }

    [TestMethod]
    public void ARunIsTheSameWhateverItsLengthUntilTheRateFalls()
    {
        TrainingOptions shorter = new() { Steps = 5000 };
        TrainingOptions longer = new() { Steps = 9000 };
        for (int step = 0; step <= shorter.Steps - shorter.DecaySteps; step++)
        {
            Assert.AreEqual(shorter.LearningRateAt(step), longer.LearningRateAt(step));
            Assert.AreEqual(shorter.DifficultyAt(step), longer.DifficultyAt(step));
        }
    }
}
