using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetGrounding.DataViews;

/// <summary>
/// Counts the rows of one cursor whose values could not be computed, and says so in the log: each once, the sum at the end.
/// </summary>
internal sealed class FailedRows(IHost host, string step, DataViewRow row) : IDisposable
{
    private long? _last;
    private long _count;

    public void Add(string reason)
    {
        if (_last == row.Position)
        {
            return;
        }

        _last = row.Position;
        _count++;
        using IChannel channel = host.Start(step);
        channel.Warning(MessageSensitivity.UserData, $"{step}: row {row.Position}: {reason}");
    }

    /// <summary>
    /// Whether values of the present row are finite; if not, the row counts, unless a step before marked them and has counted it.
    /// </summary>
    public bool IsUsable(ReadOnlySpan<float> values, DataViewSchema.Column column)
    {
        if (RowValues.AreFinite(values))
        {
            return true;
        }

        if (!RowValues.AreMarked(values))
        {
            Add($"'{column.Name}' holds NaN or infinite values.");
        }

        return false;
    }

    /// <summary>Reads where the present row's pixels lie; if it cannot be read, the row counts.</summary>
    /// <param name="values">The column's values.</param>
    /// <param name="column">The column.</param>
    /// <param name="grid">The cells of the maps.</param>
    /// <param name="geometry">Receives the geometry.</param>
    public bool TryReadGeometry(ReadOnlySpan<float> values, DataViewSchema.Column column, MapGrid grid, out ImageGeometry geometry)
    {
        geometry = default;
        if (!IsUsable(values, column))
        {
            return false;
        }

        try
        {
            geometry = ImageGeometry.FromVector(values, grid);
            return true;
        }
        catch (ArgumentException exception)
        {
            Add($"'{column.Name}': {exception.Message}");
            return false;
        }
    }

    public void Dispose()
    {
        if (_count > 0)
        {
            using IChannel channel = host.Start(step);
            channel.Warning(MessageSensitivity.None, $"{step}: {_count} row(s) could not be computed and were marked instead of dropped.");
            _count = 0;
        }
    }
}
