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
                _sinceLastRow.Add(message.RawMessage);
            }
        }
    };

    /// <summary>What was said since the last call.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_sinceLastRow)
        {
            string[] messages = [.. _sinceLastRow];
            _sinceLastRow.Clear();
            return messages;
        }
    }
}
