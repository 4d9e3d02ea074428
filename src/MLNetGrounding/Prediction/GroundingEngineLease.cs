namespace MLNetGrounding;

/// <summary>An engine on loan from a <see cref="GroundingEnginePool"/>; disposing the lease gives it back.</summary>
public sealed class GroundingEngineLease : IDisposable
{
    private GroundingEnginePool? _pool;
    private readonly GroundingEngine _engine;

    internal GroundingEngineLease(GroundingEnginePool pool, GroundingEngine engine) => (_pool, _engine) = (pool, engine);

    /// <summary>The engine, which is the holder's alone until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The engine was given back.</exception>
    public GroundingEngine Engine
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pool is null, this);
            return _engine;
        }
    }

    /// <summary>Gives the engine back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _pool, null)?.Return(_engine);
}
