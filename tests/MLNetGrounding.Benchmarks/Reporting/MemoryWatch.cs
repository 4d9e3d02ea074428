using System.Globalization;

namespace MLNetGrounding.Benchmarks;

/// <summary>Watches this process's anonymous memory, which no file backs, from its start to <see cref="Dispose"/>.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private long _peak = AnonymousBytes();

    public MemoryWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Most bytes seen.</summary>
    public long Peak => Interlocked.Read(ref _peak);

    public static long AnonymousBytes()
    {
        const string Status = "/proc/self/status";
        string line = File.ReadLines(Status).First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("RssAnon:".Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        while (!_stop.Token.WaitHandle.WaitOne(Interval))
        {
            Interlocked.Exchange(ref _peak, Math.Max(Peak, AnonymousBytes()));
        }
    }
}
