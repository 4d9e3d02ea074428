using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetGrounding;

/// <summary>An MLContext that remembers its warnings.</summary>
internal sealed class LoggingContext
{
    private readonly List<string> _warnings = [];

    public LoggingContext() =>
        ML.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
            {
                lock (_warnings)
                {
                    _warnings.Add(entry.RawMessage);
                }
            }
        };

    public MLContext ML { get; } = new(seed: 1);

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
            {
                return [.. _warnings];
            }
        }
    }
}
