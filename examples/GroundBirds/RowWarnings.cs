using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace GroundBirds;

/// <summary>Listens to ML.NET's log for what the pipeline says about the rows that it could not compute.</summary>
internal sealed class RowWarnings
{
    private readonly List<string> _sinceLastRow = [];

    public RowWarnings(MLContext context) => context.Log += (_, message) =>
    {
        if (message.Kind >= ChannelMessageKind.Warning)
        {
            lock (_sinceLastRow)
            {
                _sinceLastRow.Add(WithoutRow(message.RawMessage));
            }
        }
    };

    /// <summary>What was said since the last call; the first step that could not compute a row comes first and says the most.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_sinceLastRow)
        {
            string[] messages = [.. _sinceLastRow];
            _sinceLastRow.Clear();
            return messages;
        }
    }

    /// <summary>"Component: row 7: reason" is said about a row that the caller names better.</summary>
    private static string WithoutRow(string message)
    {
        string[] parts = message.Split(": ", 3);
        return parts.Length == 3 && parts[1].StartsWith("row ", StringComparison.Ordinal) ? parts[2] : message;
    }
}
