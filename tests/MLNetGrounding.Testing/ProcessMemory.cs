using System.Globalization;

namespace MLNetGrounding.Testing;

/// <summary>Memory of this process as the kernel counts it.</summary>
public static class ProcessMemory
{
    /// <summary>Resident memory that no file backs, after a full collection; inconclusive where the kernel does not say.</summary>
    public static long AnonymousBytes()
    {
        const string status = "/proc/self/status";
        if (!File.Exists(status))
        {
            Assert.Inconclusive($"{status} is needed to tell anonymous from mapped memory.");
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        string line = File.ReadLines(status).First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("RssAnon:".Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }
}
