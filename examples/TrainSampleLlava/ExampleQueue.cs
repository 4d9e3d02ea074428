using System.Collections.Concurrent;
using MLNetGrounding;

namespace TrainSampleLlava;

/// <summary>
/// Draws the batches of a run on all processors, a few ahead of training. They come in order and do not depend on how many draw.
/// </summary>
internal sealed class ExampleQueue : IDisposable
{
    private const int ExamplesPerRun = 10_000_000;

    private readonly TrainingOptions _options;
    private readonly BlockingCollection<Task<ExampleBatch>> _queue = new(Math.Max(2, Environment.ProcessorCount));
    private readonly ConcurrentBag<SubjectDrawer> _drawers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _producer;
    private int _drawing;

    public ExampleQueue(TrainingOptions options, long firstStep)
    {
        _options = options;
        _producer = Task.Factory.StartNew(() => Produce(firstStep), _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The largest seed of a run. The images of the next would run into those that validate.</summary>
    public static int LargestSeed => (SampleSeeds.Train.Count / ExamplesPerRun) - 2;

    /// <summary>The most steps of a run; with more it would see the images of the next seed.</summary>
    public static int MostSteps(int batchSize) => ExamplesPerRun / batchSize;

    /// <summary>How many batches are being drawn: none once this is disposed of.</summary>
    public int Drawing => Volatile.Read(ref _drawing);

    /// <summary>The next batch.</summary>
    public ExampleBatch Take()
    {
        Task<ExampleBatch>? batch;
        while (!_queue.TryTake(out batch, TimeSpan.FromSeconds(1)))
        {
            if (_producer.IsCompleted)
            {
                // Throws what ended it.
                _producer.GetAwaiter().GetResult();
                throw new InvalidOperationException($"All {_options.Steps} batches of the run were taken.");
            }
        }

        return batch.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _producer.Wait();
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OperationCanceledException)) { }

        while (_queue.TryTake(out Task<ExampleBatch>? batch))
        {
            ((IAsyncResult)batch).AsyncWaitHandle.WaitOne();
        }

        foreach (SubjectDrawer drawer in _drawers)
        {
            drawer.Dispose();
        }

        _queue.Dispose();
        _stop.Dispose();
    }

    private void Produce(long firstStep)
    {
        for (long step = firstStep; step < _options.Steps; step++)
        {
            long drawn = step;
            Task<ExampleBatch> batch = Task.Run(() => Draw(drawn));
            try
            {
                _queue.Add(batch, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Not in the queue, so nobody else would wait for it before the drawers are disposed of.
                ((IAsyncResult)batch).AsyncWaitHandle.WaitOne();
                throw;
            }
        }
    }

    private ExampleBatch Draw(long step)
    {
        Interlocked.Increment(ref _drawing);
        try
        {
            return DrawWith(step);
        }
        finally
        {
            Interlocked.Decrement(ref _drawing);
        }
    }

    private ExampleBatch DrawWith(long step)
    {
        if (!_drawers.TryTake(out SubjectDrawer? drawer))
        {
            drawer = new SubjectDrawer();
        }

        float difficulty = _options.DifficultyAt(step);
        var examples = new SubjectExample[_options.BatchSize];
        for (int index = 0; index < examples.Length; index++)
        {
            // Equally many of each subject, one after the other.
            Subject subject = Subject.All[index * Subject.All.Count / examples.Length];
            examples[index] = SubjectExample.Draw(
                drawer,
                subject,
                SeedAt((step * examples.Length) + index),
                difficulty,
                _options.ImageSize
            );
        }

        _drawers.Add(drawer);
        return ExampleBatch.Of(examples);
    }

    /// <summary>Every image is shown once, and runs of different seeds see different ones.</summary>
    private ulong SeedAt(long position) => SampleSeeds.Train.Start + ((ulong)_options.Seed * ExamplesPerRun) + (ulong)position;
}
