using System.IO.Hashing;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNetGrounding.Attention;

/// <summary>
/// Notices rows that a transformer runs through the model a second time, and says so in the log, once: a trainer that makes several passes
/// does so with all of them, unless they are cached.
/// </summary>
/// <remarks>
/// A row is known by its id and its pixels, so that another view's row of the same number is another row, and the same image in two rows is
/// two.
/// </remarks>
internal sealed class RepeatedRows(IHost host, string component)
{
    // What is remembered of a row is 32 bytes.
    private const int Most = 1 << 20;

    private readonly object _gate = new();
    private HashSet<(DataViewRowId Id, UInt128 Pixels)>? _seen = [];

    /// <summary>Identifies pixels.</summary>
    public static UInt128 Identify(RgbImage image) => XxHash128.HashToUInt128(image.Pixels.Span, image.Width);

    /// <summary>Remembers a row that was run.</summary>
    /// <param name="id">The row's id in its view.</param>
    /// <param name="pixels">From <see cref="Identify"/>.</param>
    public void Add(DataViewRowId id, UInt128 pixels)
    {
        lock (_gate)
        {
            if (_seen is null || _seen.Count == Most || _seen.Add((id, pixels)))
            {
                return;
            }

            _seen = null;
        }

        using IChannel channel = host.Start(component);
        channel.Warning(
            MessageSensitivity.None,
            $"{component}: a row was run through the model a second time, and the others may follow: a trainer reads its data anew for every pass, and so does whatever reads this view again. To run each row once, write .AppendCacheCheckpoint(context) behind the last step that the model is needed for, or read context.Data.Cache(view) instead of the view. This is said once."
        );
    }
}
