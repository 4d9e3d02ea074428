using System.Diagnostics;
using System.Text;

namespace MLNetGrounding.Golden.Reporting;

/// <summary>Appends lines to the file that GOLDEN_REPORT names, beside other test programs that do the same.</summary>
internal static class GoldenReport
{
    private const string Variable = "GOLDEN_REPORT";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Appends whole lines; nothing happens where the variable is unset.</summary>
    public static void Append(IReadOnlyCollection<string> lines)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path || lines.Count == 0)
        {
            return;
        }

        if (!Path.IsPathFullyQualified(path))
        {
            throw new InvalidOperationException(
                $"{Variable} is '{path}'; an absolute path was expected, for each test program has a folder of its own."
            );
        }

        byte[] text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
                stream.Seek(0, SeekOrigin.End);
                stream.Write(text);
                return;
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                // Another test program writes.
                Thread.Sleep(5);
            }
        }
    }
}
