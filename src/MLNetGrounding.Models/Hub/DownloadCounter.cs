using System.Diagnostics;

namespace MLNetGrounding.Models.Hub;

/// <summary>Adds up what arrives on several lines and tells it, one report at a time and not too often.</summary>
internal sealed class DownloadCounter(IProgress<ModelDownloadProgress>? progress, long totalBytes, int totalFiles)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private long _bytes;
    private int _files;
    private long _lastReport;

    /// <summary>Counts bytes of a file: fewer than none where it is begun again.</summary>
    public void Add(string file, long bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
            if (_lastReport == 0 || Stopwatch.GetElapsedTime(_lastReport) >= Interval)
            {
                Report(file, null);
            }
        }
    }

    /// <summary>Counts a file that is complete.</summary>
    public void Finish(string? file)
    {
        lock (_lock)
        {
            _files++;
            Report(file, null);
        }
    }

    /// <summary>Tells something.</summary>
    public void Say(string? file, string message)
    {
        lock (_lock)
        {
            Report(file, message);
        }
    }

    private void Report(string? file, string? message)
    {
        _lastReport = Stopwatch.GetTimestamp();
        progress?.Report(
            new ModelDownloadProgress
            {
                File = file,
                Bytes = _bytes,
                TotalBytes = totalBytes,
                Files = _files,
                TotalFiles = totalFiles,
                Message = message,
            }
        );
    }
}
