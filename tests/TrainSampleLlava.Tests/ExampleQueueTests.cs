namespace TrainSampleLlava;

[TestClass]
public sealed class ExampleQueueTests
{
    [TestMethod]
    public void BatchesComeInOrderAndAreThoseOfOneDrawer()
    {
        TrainingOptions options = new() { Steps = 9, BatchSize = 4 };
        using ExampleQueue queue = new(options, firstStep: 0);
        using SubjectDrawer drawer = new();
        ulong seed = MLNetGrounding.SampleSeeds.Train.Start + 10_000_000;
        for (int step = 0; step < options.Steps; step++)
        {
            ExampleBatch batch = queue.Take();
            CollectionAssert.AreEqual(new[] { Subject.Bird, Subject.Bird, Subject.Car, Subject.Car }, batch.Subjects.ToArray());
            var expected = ExampleBatch.Of([
                .. batch.Subjects.Select(subject =>
                    SubjectExample.Draw(drawer, subject, seed++, options.DifficultyAt(step), options.ImageSize)
                ),
            ]);
            CollectionAssert.AreEqual(expected.Rgb, batch.Rgb, $"step {step}");
            CollectionAssert.AreEqual(expected.SuffixIds, batch.SuffixIds);
            CollectionAssert.AreEqual(expected.Expected, batch.Expected);
        }

        Assert.ThrowsExactly<InvalidOperationException>(() => queue.Take());
    }

    [TestMethod]
    public void ARunThatIsLeftEarlyLeavesNoDrawingBehind()
    {
        ExampleQueue queue = new(new TrainingOptions { BatchSize = 4 }, firstStep: 5);
        queue.Take();
        queue.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => queue.Take());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(20)]
    public void NothingIsDrawnAfterDisposing(int milliseconds)
    {
        // A drawer in use whose Skia objects are gone ends the process.
        for (int run = 0; run < 20; run++)
        {
            ExampleQueue queue = new(new TrainingOptions { BatchSize = 16 }, firstStep: 5);
            Thread.Sleep(milliseconds);
            queue.Dispose();
            Assert.AreEqual(0, queue.Drawing);
        }
    }
}
