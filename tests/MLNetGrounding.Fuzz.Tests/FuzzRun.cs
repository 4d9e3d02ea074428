using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace MLNetGrounding.Fuzz;

/// <summary>Feeds one reader, watches time and memory of each input, and counts what comes of them.</summary>
internal sealed class FuzzRun(FuzzTarget target)
{
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private long _started;
    private FuzzInput? _current;

    /// <summary>How often each answer came: "accepted", or the name of an exception's type.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    public int Inputs { get; private set; }

    public TimeSpan Slowest { get; private set; }

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
        { IsBackground = true };
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

    private void One(FuzzInput input)
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
        Slowest = elapsed > Slowest ? elapsed : Slowest;
        MostAllocated = Math.Max(MostAllocated, allocated);
        Assert.IsLessThan(LongestInput, elapsed, $"{input} took {elapsed}");
        Assert.IsLessThan(MostBytes, allocated, $"{input} took {allocated} bytes");
        _answers[answer] = _answers.GetValueOrDefault(answer) + 1;
        Inputs++;
    }

    /// <summary>The most memory that this process ever held, native memory too; 0 where the kernel does not say.</summary>
    private static long ResidentPeak()
    {
        const string status = "/proc/self/status";
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        string? line = File.ReadLines(status).FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
