using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace MLNetGrounding.Models.Generation;

/// <summary>Hands out what a piece of work on another thread writes, as it writes it.</summary>
internal static class BackgroundStream
{
    // The work waits when the reader is this far behind.
    private const int Waiting = 64;

    /// <summary>Starts work when the enumeration starts, and ends it with the enumeration.</summary>
    /// <param name="work">Writes items; ends early when its token says so.</param>
    /// <param name="outer">Ends the enumeration early.</param>
    /// <param name="inner">The same, given to the enumeration itself.</param>
    public static async IAsyncEnumerable<T> Run<T>(
        Action<Action<T>, CancellationToken> work,
        CancellationToken outer,
        [EnumeratorCancellation] CancellationToken inner = default
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(outer, inner);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
        Task working = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    work(item => channel.Writer.WriteAsync(item, ending.Token).AsTask().GetAwaiter().GetResult(), ending.Token);
                    channel.Writer.Complete();
                }
                catch (Exception exception)
                {
                    // The reader throws it.
                    channel.Writer.Complete(exception);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        try
        {
            await foreach (T item in channel.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await working.ConfigureAwait(false);
        }
    }
}
