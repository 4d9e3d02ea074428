using System.Collections.Concurrent;
using MLNetGrounding;
using MLNetGrounding.Samples.Drawing;

namespace TrainSampleLlava;

/// <summary>Draws the batches of a run on a thread of its own, a few ahead of training, always in order.</summary>
internal sealed class BirdBatchQueue : IDisposable
{
    private const int Ahead = 8;
    private const int BirdsPerRun = 10_000_000;

    private readonly TrainingOptions _options;
    private readonly BlockingCollection<BirdBatch> _queue = new(Ahead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _producer;

    public BirdBatchQueue(TrainingOptions options, long firstStep)
    {
        _options = options;
        _producer = Task.Factory.StartNew(() => Produce(firstStep), _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The largest seed of a run. The birds of the next would run into those that validate.</summary>
    public static int LargestSeed => (SampleSeeds.Train.Count / BirdsPerRun) - 2;

    /// <summary>The most steps of a run; with more it would see the birds of the next seed.</summary>
    public static int MostSteps(int batchSize) => BirdsPerRun / batchSize;

    public BirdBatch Take()
    {
        BirdBatch? batch;
        while (!_queue.TryTake(out batch, TimeSpan.FromSeconds(1)))
        {
            if (_producer.IsCompleted)
            {
                // Throws what ended it.
                _producer.GetAwaiter().GetResult();
                throw new InvalidOperationException($"All {_options.Steps} batches of the run were taken.");
            }
        }

        return batch;
    }

    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _producer.Wait();
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OperationCanceledException)) { }

        _queue.Dispose();
        _stop.Dispose();
    }

    private void Produce(long firstStep)
    {
        using SampleBirdRenderer renderer = new();
        for (long step = firstStep; step < _options.Steps; step++)
        {
            float difficulty = _options.DifficultyAt(step);
            BirdExample[] examples = new BirdExample[_options.BatchSize];
            for (int index = 0; index < examples.Length; index++)
            {
                examples[index] = BirdExample.Draw(renderer, SeedAt(step * examples.Length + index), difficulty, _options.ImageSize);
            }

            _queue.Add(BirdBatch.Of(examples), _stop.Token);
        }
    }

    /// <summary>Every bird is shown once, and runs of different seeds see different birds.</summary>
    private ulong SeedAt(long position) => SampleSeeds.Train.Start + (ulong)_options.Seed * BirdsPerRun + (ulong)position;
}
