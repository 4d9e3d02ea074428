using System.Collections.Concurrent;

namespace GroundBirds;

/// <summary>
/// Draws the pictures of finished rows on a thread of its own while the model works on the next rows. Whoever has to wait for it draws too,
/// so that no core idles.
/// </summary>
internal sealed class OverlayQueue : IDisposable
{
    // A waiting row is a few hundred kilobytes; so many of them seldom hold up the model.
    private const int Waiting = 16;

    private readonly OverlayFolder _folder;
    private readonly BlockingCollection<GroundedRow> _rows = new(Waiting);
    private readonly Task _drawer;

    public OverlayQueue(OverlayFolder folder)
    {
        _folder = folder;
        _drawer = Task.Factory.StartNew(DrawRows, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Lets a row be drawn, if it is one of those that get pictures.</summary>
    /// <exception cref="IOException">A picture of this or an earlier row could not be written.</exception>
    public void Add(GroundedRow row)
    {
        if (!_folder.Takes(row))
        {
            return;
        }

        while (!_rows.TryAdd(row))
        {
            DrawNext();
        }

        ThrowIfDrawingFailed();
    }

    /// <summary>Draws what is left.</summary>
    /// <exception cref="IOException">A picture could not be written.</exception>
    public void Complete()
    {
        _rows.CompleteAdding();
        while (DrawNext()) { }

        _drawer.GetAwaiter().GetResult();
    }

    /// <summary>Ends the drawing; rows that still wait are not drawn.</summary>
    public void Dispose()
    {
        _rows.CompleteAdding();
        while (_rows.TryTake(out _)) { }

        // What went wrong was thrown by Add or Complete, or something else went wrong before it.
        _ = ((IAsyncResult)_drawer).AsyncWaitHandle.WaitOne();
        _rows.Dispose();
    }

    private void DrawRows()
    {
        foreach (GroundedRow row in _rows.GetConsumingEnumerable())
        {
            _folder.Draw(row);
        }
    }

    private bool DrawNext()
    {
        ThrowIfDrawingFailed();
        if (!_rows.TryTake(out GroundedRow? row))
        {
            return false;
        }

        _folder.Draw(row);
        return true;
    }

    private void ThrowIfDrawingFailed()
    {
        if (_drawer.IsFaulted)
        {
            _drawer.GetAwaiter().GetResult();
        }
    }
}
