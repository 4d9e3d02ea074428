using Microsoft.ML;

namespace MLNetGrounding.DataViews;

/// <summary>Runs a computation at most once for each position of a row. A computation that throws runs again when asked again.</summary>
internal sealed class OncePerRow(DataViewRow row, Action compute)
{
    private long? _position;

    public void Run()
    {
        long position = row.Position;
        if (_position != position)
        {
            compute();
            _position = position;
        }
    }

    /// <summary>Forgets what was computed, because more is needed of the same row than was known before.</summary>
    public void Invalidate() => _position = null;
}
