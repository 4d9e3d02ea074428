using System.Collections.Concurrent;

namespace GroundBirds;

/// <summary>Hands rows, in their order, to work on a thread of its own while the model works on the next rows.</summary>
internal sealed class BackgroundRows : IDisposable
{
    // With attention by layer and head a row of LLaVA 1.5 takes 30 MB.
    private const int Waiting = 4;

    private readonly BlockingCollection<GroundedRow> _rows = new(Waiting);
    private readonly Task _worker;
    private bool _abandoned;

    public BackgroundRows(Action<GroundedRow> work) =>
        _worker = Task.Factory.StartNew(
            () =>
            {
                foreach (GroundedRow row in _rows.GetConsumingEnumerable())
                {
                    if (!Volatile.Read(ref _abandoned))
                    {
                        work(row);
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    /// <summary>Hands on a row; waits while too many are waiting.</summary>
    /// <exception cref="IOException">The work on an earlier row failed.</exception>
    public void Add(GroundedRow row)
    {
        while (!_rows.TryAdd(row, TimeSpan.FromMilliseconds(100)))
        {
            ThrowIfFailed();
        }

        ThrowIfFailed();
    }

    /// <summary>Waits for the work on all rows.</summary>
    /// <exception cref="IOException">The work on a row failed.</exception>
    public void Complete()
    {
        _rows.CompleteAdding();
        _worker.GetAwaiter().GetResult();
    }

    /// <summary>Ends the work after the row in hand.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _abandoned, true);
        _rows.CompleteAdding();
        // What went wrong was thrown by Add or Complete, or something else went wrong before it.
        _ = ((IAsyncResult)_worker).AsyncWaitHandle.WaitOne();
        _rows.Dispose();
    }

    private void ThrowIfFailed()
    {
        if (_worker.IsFaulted)
        {
            _worker.GetAwaiter().GetResult();
        }
    }
}
