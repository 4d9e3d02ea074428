using System.Globalization;

namespace MLNetGrounding.Tool;

/// <summary>Shows how far a download is: one line that changes on a terminal, a line for each complete file elsewhere.</summary>
internal sealed class DownloadProgress(TextWriter writer) : IProgress<ModelDownloadProgress>, IDisposable
{
    private readonly bool _isTerminal = writer == Console.Error && !Console.IsErrorRedirected;
    private int _files = -1;
    private int _width;

    public void Report(ModelDownloadProgress value)
    {
        if (value.Message is { } message)
        {
            Clear();
            writer.WriteLine(message);
            return;
        }

        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Files} of {value.TotalFiles} files, {Sizes.Text(value.Bytes)} of {Sizes.Text(value.TotalBytes)} ({(value.TotalBytes > 0 ? 100.0 * value.Bytes / value.TotalBytes : 100):0.0} %)"
        );
        if (_isTerminal)
        {
            writer.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
        }
        else if (value.Files != _files)
        {
            writer.WriteLine(value.Files > 0 ? $"{line}: {value.File}" : line);
        }

        _files = value.Files;
    }

    public void Dispose() => Clear();

    private void Clear()
    {
        if (_width > 0)
        {
            writer.WriteLine();
            _width = 0;
        }
    }
}
