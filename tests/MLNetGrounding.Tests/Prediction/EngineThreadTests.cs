using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Prediction;

/// <summary>Engines and pools of them under several threads, canceled calls and disposal.</summary>
[TestClass]
public sealed class EngineThreadTests
{
    private const int Count = 6;
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Pictures> Shared = new(() => new Pictures(Count));

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    private static MLImage Image => Shared.Value.Rows[0].Image!;

    [TestMethod]
    public void ASecondThreadIsRefusedInPlainWords()
    {
        using ManualResetEventSlim inside = new();
        using ManualResetEventSlim go = new();
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(
            Fit(
                new HeldObserver(_ =>
                {
                    inside.Set();
                    go.Wait(Guard);
                })
            )
        );
        Task<GroundingPrediction> first = Task.Run(() => engine.Predict(Image));
        Assert.IsTrue(inside.Wait(Guard));
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(Image));
        StringAssert.Contains(error.Message, "one thread at a time");
        StringAssert.Contains(error.Message, "CreateGroundingEnginePool");
        go.Set();
        Assert.IsFalse(first.GetAwaiter().GetResult().Failed, "the first is not disturbed");
        CollectionAssert.AreEqual(Maps(first.Result), Maps(engine.Predict(Image)), "and the engine goes on");
    }

    [TestMethod]
    public void ACanceledCallStopsBetweenTheModelsLayersAndTheEngineGoesOn()
    {
        float[] expected;
        using (GroundingEngine undisturbed = ML.Model.CreateGroundingEngine(Fit()))
        {
            expected = Maps(undisturbed.Predict(Image));
        }

        LayerCounter observer = new();
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(Fit(observer));
        engine.Predict(Shared.Value.Rows[1].Image!);
        int layers = observer.Take();
        Assert.IsGreaterThan(1, layers);

        using CancellationTokenSource source = new();
        observer.Seen = source.Cancel;
        OperationCanceledException error = Assert.ThrowsExactly<OperationCanceledException>(() => engine.Predict(Image, source.Token));
        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.AreEqual(1, observer.Take(), "no layer after the one in which it was canceled");

        observer.Seen = null;
        CollectionAssert.AreEqual(expected, Maps(engine.Predict(Image)));
        Assert.AreEqual(layers, observer.Take());
        Assert.ThrowsExactly<OperationCanceledException>(() => engine.Predict("never looked at.png", source.Token));
        Assert.AreEqual(0, observer.Take());
    }

    [TestMethod]
    public void CancelingOneEngineLeavesAnotherOfTheSameModelAlone()
    {
        using ManualResetEventSlim inside = new();
        using CancellationTokenSource source = new();
        using TransformerChain<RolloutMaskerTransformer> model = Fit(
            new HeldObserver(image =>
            {
                if (image == 0)
                {
                    inside.Set();
                    source.Token.WaitHandle.WaitOne(Guard);
                }
            })
        );
        using GroundingEngine held = ML.Model.CreateGroundingEngine(model, ownsModel: false);
        using GroundingEngine other = ML.Model.CreateGroundingEngine(model, ownsModel: false);
        Task<GroundingPrediction> canceled = Task.Run(() => held.Predict(Image, source.Token));
        Assert.IsTrue(inside.Wait(Guard));
        Task<GroundingPrediction> goesOn = Task.Run(() => other.Predict(Image));
        Assert.IsFalse(goesOn.GetAwaiter().GetResult().Failed);
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => canceled.GetAwaiter().GetResult());
    }

    [TestMethod]
    public void AnEngineThatIsDisposedWhileItWorksFinishesFirst()
    {
        using CheckpointCopy checkpoint = new();
        using ManualResetEventSlim inside = new();
        using ManualResetEventSlim go = new();
        GroundingEngine engine = ML.Model.CreateGroundingEngine(
            Fit(
                checkpoint.Path,
                new HeldObserver(_ =>
                {
                    inside.Set();
                    go.Wait(Guard);
                })
            )
        );
        Task<GroundingPrediction> working = Task.Run(() => engine.Predict(Image));
        Assert.IsTrue(inside.Wait(Guard));
        engine.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => engine.Predict(Image));
        go.Set();
        Assert.IsFalse(working.GetAwaiter().GetResult().Failed);
        Assert.AreEqual(0, MappedFiles.Count(checkpoint.Path), "the model goes with the last call");
    }

    [TestMethod]
    public async Task APoolGivesEveryCallerItsOwnAnswer()
    {
        float[][] expected;
        using (GroundingEngine single = ML.Model.CreateGroundingEngine(Fit()))
        {
            expected = [.. Shared.Value.Rows.Select(row => Maps(single.Predict(row.Image!)))];
        }

        (int running, int most) = (0, 0);
        object gate = new();
        using GroundingEnginePool pool = ML.Model.CreateGroundingEnginePool(Fit(), engines: 3, regionThreshold: 0.4);
        Assert.AreEqual(3, pool.Engines);
        CollectionAssert.AreEqual(TinyExtraction.QueryNames, pool.QueryNames.ToArray());
        ConcurrentBag<int> answered = [];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 8 * Count),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (turn, cancellationToken) =>
            {
                using GroundingEngineLease lease = await pool.RentAsync(cancellationToken);
                lock (gate)
                {
                    most = Math.Max(most, ++running);
                }

                CollectionAssert.AreEqual(
                    expected[turn % Count],
                    Maps(lease.Engine.Predict(Shared.Value.Rows[turn % Count].Image!, cancellationToken))
                );
                answered.Add(turn);
                lock (gate)
                {
                    running--;
                }
            }
        );
        Assert.HasCount(8 * Count, answered.Distinct());
        Assert.IsLessThanOrEqualTo(3, most);
        foreach (Picture picture in Shared.Value.Rows)
        {
            CollectionAssert.AreEqual(expected[picture.Id], Maps(await pool.PredictAsync(picture.Image!)));
            CollectionAssert.AreEqual(expected[picture.Id], Maps(await pool.PredictAsync(new GroundingInput { Image = picture.Image })));
        }
    }

    [TestMethod]
    public async Task WaitingForAnEngineEndsWithItsTokenAndWithThePool()
    {
        using GroundingEnginePool pool = ML.Model.CreateGroundingEnginePool(Fit(), engines: 1);
        GroundingEngineLease held = pool.Rent();
        using CancellationTokenSource source = new();
        ValueTask<GroundingEngineLease> canceled = pool.RentAsync(source.Token);
        Task<GroundingEngineLease> refused = pool.RentAsync().AsTask();
        Assert.IsFalse(canceled.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await canceled);
        Assert.IsFalse(refused.IsCompleted);
        pool.Dispose();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => refused);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await pool.RentAsync());
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => pool.PredictAsync(Image));
        Assert.IsFalse(held.Engine.Predict(Image).Failed, "an engine on loan goes on");
        held.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => held.Engine);
        pool.Dispose();
    }

    [TestMethod]
    public async Task APredictionThatWaitsForAnEngineEndsWithItsToken()
    {
        using GroundingEnginePool pool = ML.Model.CreateGroundingEnginePool(Fit(), engines: 1);
        using GroundingEngineLease held = pool.Rent();
        using CancellationTokenSource source = new();
        Task<GroundingPrediction> waiting = pool.PredictAsync(Image, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.WaitAsync(Guard));
    }

    [TestMethod]
    public void TheModelGoesWithTheLastEngineThatComesBack()
    {
        using CheckpointCopy checkpoint = new();
        GroundingEnginePool pool = ML.Model.CreateGroundingEnginePool(Fit(checkpoint.Path), engines: 2);
        GroundingEngineLease held = pool.Rent();
        pool.Dispose();
        Assert.IsGreaterThan(0, MappedFiles.Count(checkpoint.Path));
        Assert.IsFalse(held.Engine.Predict(Image).Failed);
        held.Dispose();
        held.Dispose();
        Assert.AreEqual(0, MappedFiles.Count(checkpoint.Path));

        using TransformerChain<RolloutMaskerTransformer> model = Fit(checkpoint.Path);
        ML.Model.CreateGroundingEnginePool(model, ownsModel: false).Dispose();
        Assert.IsGreaterThan(0, MappedFiles.Count(checkpoint.Path), "a model that is not the pool's stays open");
    }

    [TestMethod]
    public void AnEngineThatABorrowerDisposedIsReplaced()
    {
        using GroundingEnginePool pool = ML.Model.CreateGroundingEnginePool(Fit(), engines: 1);
        using (GroundingEngineLease lease = pool.Rent())
        {
            lease.Engine.Dispose();
        }

        using GroundingEngineLease next = pool.Rent();
        Assert.IsFalse(next.Engine.Predict(Image).Failed);
    }

    [TestMethod]
    public void APoolOfNoEnginesIsRefused()
    {
        using TransformerChain<RolloutMaskerTransformer> model = Fit();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Model.CreateGroundingEnginePool(model, engines: 0));
    }

    private static float[] Maps(GroundingPrediction prediction) => [.. prediction.Queries.SelectMany(query => query.Map.ToArray())];

    private TransformerChain<RolloutMaskerTransformer> Fit(params ILayerObserver[] observers) => Fit(null, observers);

    private TransformerChain<RolloutMaskerTransformer> Fit(string? checkpoint, params ILayerObserver[] observers)
    {
        AttentionExtractorOptions options = TinyExtraction.Options(2, observers);
        options.ModelDirectory = checkpoint ?? options.ModelDirectory;
        return ML
            .Transforms.ExtractAttention(options)
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Fit(Shared.Value.View);
    }

    /// <summary>Counts layers that ran.</summary>
    private sealed class LayerCounter : ILayerObserver
    {
        private int _layers;

        public Action? Seen { get; set; }

        public int Take() => Interlocked.Exchange(ref _layers, 0);

        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(this);

        private sealed class Recorder(LayerCounter counter) : ILayerRecorder
        {
            public void Observe(LayerAttention attention)
            {
                Interlocked.Increment(ref counter._layers);
                counter.Seen?.Invoke();
            }

            public float[] Complete() => [];
        }
    }
}
