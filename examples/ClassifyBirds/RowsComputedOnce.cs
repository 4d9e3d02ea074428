using System.Collections;

namespace ClassifyBirds;

/// <summary>Rows that are computed once each, though <c>SaveAsBinary</c> reads the first ones twice.</summary>
/// <remarks>
/// It reads rows until they fill a block of its file, to learn how many do, and begins anew to write them. Only those first rows are kept
/// in memory, and only until they are read again.
/// </remarks>
internal sealed class RowsComputedOnce<T>(IEnumerable<T> rows) : IEnumerable<T>, IDisposable
{
    private readonly IEnumerator<T> _rows = rows.GetEnumerator();
    private readonly Queue<T> _kept = [];
    private int _readings;

    public IEnumerator<T> GetEnumerator() =>
        _readings++ switch
        {
            0 => First().GetEnumerator(),
            1 => Second().GetEnumerator(),
            _ => throw new InvalidOperationException("The rows can be read twice, and not all of them the first time."),
        };

    public void Dispose() => _rows.Dispose();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<T> First()
    {
        while (_rows.MoveNext())
        {
            _kept.Enqueue(_rows.Current);
            yield return _rows.Current;
        }
    }

    private IEnumerable<T> Second()
    {
        while (_kept.TryDequeue(out T? row))
        {
            yield return row;
        }

        while (_rows.MoveNext())
        {
            yield return _rows.Current;
        }
    }
}
