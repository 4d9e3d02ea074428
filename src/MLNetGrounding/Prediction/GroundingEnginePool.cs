using System.Threading.Channels;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>
/// Engines for many threads over one model: as many images are grounded at once as there are engines, and whoever comes later waits its
/// turn, in the order of coming.
/// </summary>
/// <remarks>
/// Made by <c>mlContext.Model.CreateGroundingEnginePool</c>; services register it with <c>AddGroundingEngine</c> of the package
/// MLNetGrounding.Extensions. The weights are there once, however many engines there are; each engine has the memory that one image takes.
/// All members may be called from any thread.
/// </remarks>
public sealed class GroundingEnginePool : IDisposable
{
    private readonly Channel<GroundingEngine> _free;
    private readonly Func<GroundingEngine> _make;
    private readonly IDisposable? _ownedModel;
    private int _left;
    private int _disposed;

    internal GroundingEnginePool(ModelOperationsCatalog catalog, ITransformer model, GroundingEngineOptions options, int engines)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(engines);
        GroundingEngineOptions sharing = options.CheckedCopy();
        _ownedModel = sharing.OwnsModel ? model as IDisposable : null;
        sharing.OwnsModel = false;
        _make = () => new GroundingEngine(catalog, model, sharing);
        _free = Channel.CreateUnbounded<GroundingEngine>();
        (Engines, _left) = (engines, engines);
        for (int engine = 0; engine < engines; engine++)
        {
            GroundingEngine made = _make();
            QueryNames = made.QueryNames;
            _free.Writer.TryWrite(made);
        }
    }

    /// <summary>How many engines there are, and so the most images that are grounded at once.</summary>
    public int Engines { get; }

    /// <summary>The names of the queries, in the order of <see cref="GroundingPrediction.Queries"/>.</summary>
    public IReadOnlyList<string> QueryNames { get; } = [];

    /// <summary>Waits for an engine.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The engine's lease; dispose it to give the engine back.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed, before or while waiting.</exception>
    public async ValueTask<GroundingEngineLease> RentAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GroundingEngine engine;
        try
        {
            engine = await _free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(GroundingEnginePool));
        }

        return new GroundingEngineLease(this, engine);
    }

    /// <summary>Waits for an engine, and holds up the calling thread meanwhile.</summary>
    /// <inheritdoc cref="RentAsync" path="/param|/returns|/exception"/>
    public GroundingEngineLease Rent(CancellationToken cancellationToken = default) =>
        RentAsync(cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Waits for an engine and grounds an image with it, on a thread of the thread pool.</summary>
    /// <inheritdoc cref="GroundingEngine.Predict(MLImage, CancellationToken)" path="/param|/returns"/>
    /// <exception cref="OperationCanceledException">The token was canceled, while waiting or while the model worked.</exception>
    /// <exception cref="ObjectDisposedException">The pool or its model was disposed.</exception>
    public Task<GroundingPrediction> PredictAsync(MLImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PredictAsync(engine => engine.Predict(image, cancellationToken), cancellationToken);
    }

    /// <summary>Waits for an engine and grounds an image file with it, on a thread of the thread pool.</summary>
    /// <inheritdoc cref="GroundingEngine.Predict(string, CancellationToken)" path="/param|/returns"/>
    /// <exception cref="InvalidDataException">The file cannot be read or decoded; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled, while waiting or while the model worked.</exception>
    /// <exception cref="ObjectDisposedException">The pool or its model was disposed.</exception>
    public Task<GroundingPrediction> PredictAsync(string imagePath, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        return PredictAsync(engine => engine.Predict(imagePath, cancellationToken), cancellationToken);
    }

    /// <summary>Waits for an engine and grounds an image with it, with its key points, on a thread of the thread pool.</summary>
    /// <inheritdoc cref="GroundingEngine.Predict(GroundingInput, CancellationToken)" path="/param|/returns"/>
    /// <exception cref="ArgumentException">As for <see cref="GroundingEngine.Predict(GroundingInput, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled, while waiting or while the model worked.</exception>
    /// <exception cref="ObjectDisposedException">The pool or its model was disposed.</exception>
    public Task<GroundingPrediction> PredictAsync(GroundingInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return PredictAsync(engine => engine.Predict(input, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Ends the pool: who waits for an engine is refused, engines on loan go on until they are given back, and with the last one goes the
    /// model, where <see cref="GroundingEngineOptions.OwnsModel"/> says so.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _free.Writer.TryComplete();
        while (_free.Reader.TryRead(out GroundingEngine? engine))
        {
            End(engine);
        }
    }

    internal void Return(GroundingEngine engine)
    {
        // Whoever disposed it meant to give it back.
        GroundingEngine usable = engine.IsDisposed && _disposed == 0 ? _make() : engine;
        if (!_free.Writer.TryWrite(usable))
        {
            End(usable);
        }
    }

    private async Task<GroundingPrediction> PredictAsync(
        Func<GroundingEngine, GroundingPrediction> predict,
        CancellationToken cancellationToken
    )
    {
        using GroundingEngineLease lease = await RentAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => predict(lease.Engine), cancellationToken).ConfigureAwait(false);
    }

    private void End(GroundingEngine engine)
    {
        engine.Dispose();
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _ownedModel?.Dispose();
        }
    }
}
