using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Win32.SafeHandles;

namespace MLNetGrounding.Fuzz;

/// <summary>Feeds one reader, watches time and memory of each input, and counts what comes of them.</summary>
internal sealed class FuzzRun(FuzzTarget target) : IDisposable
{
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly SafeFileHandle? _status = OperatingSystem.IsLinux() ? File.OpenHandle("/proc/self/status") : null;
    private long _started;
    private FuzzInput? _current;

    /// <summary>How often each answer came: "accepted", or the name of an exception's type.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    public int Inputs { get; private set; }

    public TimeSpan Slowest { get; private set; }

    /// <summary>The time of the reader alone, of all inputs.</summary>
    public TimeSpan Total { get; private set; }

    public long MostAllocated { get; private set; }

    /// <summary>Runs so many inputs, the same ones for the same seed.</summary>
    public void Run(int inputs, ulong seed)
    {
        // FsCheck's second number must be odd.
        Config config = Config.QuickThrowOnFailure.WithMaxTest(inputs).WithReplay(seed, (seed << 1) | 1).WithQuietOnSuccess(true);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Prop.ForAll(FuzzInput.Arbitrary, One).Check(config);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(200)))
        {
            long started = Volatile.Read(ref _started);
            if (started != 0 && Stopwatch.GetElapsedTime(started) > LongestInput + LongestInput)
            {
                Assert.Fail($"An input is being read for more than {LongestInput.TotalSeconds:0} s: {Volatile.Read(ref _current)}");
            }
        }

        if (failure is not null)
        {
            Assert.Fail(failure.ToString());
        }
    }

    public void Dispose() => _status?.Dispose();

    private void One(FuzzInput input)
    {
        try
        {
            Measure(input);
        }
        catch when (Environment.GetEnvironmentVariable("FUZZ_KEEP") is { Length: > 0 } folder)
        {
            // The last one that fails is the smallest.
            target.Keep(folder);
            throw;
        }
    }

    private void Measure(FuzzInput input)
    {
        target.Write(input);
        Volatile.Write(ref _current, input);
        long peak = ResidentPeak();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        Volatile.Write(ref _started, started);
        string answer = "accepted";
        try
        {
            target.Read();
        }
        catch (Exception exception) when (target.IsTyped(exception))
        {
            answer = exception.GetType().Name;
        }
        finally
        {
            Volatile.Write(ref _started, 0);
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        allocated = Math.Max(GC.GetAllocatedBytesForCurrentThread() - allocated, ResidentPeak() - peak);
        Total += elapsed;
        Slowest = elapsed > Slowest ? elapsed : Slowest;
        MostAllocated = Math.Max(MostAllocated, allocated);
        Assert.IsLessThan(LongestInput, elapsed, $"{input} took {elapsed}");
        Assert.IsLessThan(MostBytes, allocated, $"{input} took {allocated} bytes");
        _answers[answer] = _answers.GetValueOrDefault(answer) + 1;
        Inputs++;
    }

    /// <summary>The most memory that this process ever held, native memory too; 0 where the kernel does not say.</summary>
    private long ResidentPeak()
    {
        if (_status is null)
        {
            return 0;
        }

        Span<byte> text = stackalloc byte[4096];
        text = text[..RandomAccess.Read(_status, text, 0)];
        int start = text.IndexOf("VmHWM:"u8);
        ReadOnlySpan<byte> number = text[(start + "VmHWM:".Length)..].TrimStart(" \t"u8);
        return start < 0 ? 0 : long.Parse(number[..number.IndexOf((byte)' ')], CultureInfo.InvariantCulture) * 1024;
    }
}
