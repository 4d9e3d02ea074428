using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Spectre.Console;

namespace MLNetGrounding.Examples;

/// <summary>
/// Listens to ML.NET's log for what the pipeline says about the rows that it could not compute. Rows are read ahead, so a warning may
/// come before its row does.
/// </summary>
internal sealed class RowWarnings
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, string> _ofRows = [];
    private readonly List<string> _others = [];

    public RowWarnings(MLContext context) =>
        context.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning)
            {
                Add(message.RawMessage);
            }
        };

    /// <summary>What the first step that could not compute a row said about it, which says the most; later steps only pass it on.</summary>
    /// <param name="row">The row's position.</param>
    public string? Take(long row)
    {
        lock (_lock)
        {
            return _ofRows.Remove(row, out string? reason) ? reason : null;
        }
    }

    /// <summary>Writes why a row was skipped, if it was.</summary>
    public void WriteSkipped(IAnsiConsole console, long row, string path)
    {
        if (Take(row) is { } reason)
        {
            console.WriteLine($"Skipped {path}: {reason}");
        }
    }

    /// <summary>Writes what was said about no single row since the last call.</summary>
    public void WriteOthers(IAnsiConsole console)
    {
        lock (_lock)
        {
            _others.ForEach(console.WriteLine);
            _others.Clear();
        }
    }

    private void Add(string message)
    {
        // "Component: row 7: reason": the caller names the row better.
        string[] parts = message.Split(": ", 3);
        lock (_lock)
        {
            if (
                parts.Length == 3
                && parts[1].StartsWith("row ", StringComparison.Ordinal)
                && long.TryParse(parts[1].AsSpan(4), CultureInfo.InvariantCulture, out long row)
            )
            {
                _ofRows.TryAdd(row, parts[2]);
            }
            else
            {
                _others.Add(message);
            }
        }
    }
}
