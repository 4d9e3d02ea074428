using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>
/// The rows of a source, in order, of which the next are read and their inputs prepared on another thread while a mapper is busy with the
/// present one (<see cref="ReadOn"/>). Nothing is read ahead for rows that no mapper works on: then it moves in step with the source.
/// </summary>
/// <remarks>
/// The source has one user at a time: reads ahead follow each other, and the consumer's thread touches the source only when all are done.
/// What a read throws is kept with its row and thrown on the consumer's thread, at the row and from the call where it would have been
/// thrown without reading ahead.
/// </remarks>
/// <typeparam name="TInput">What a mapper reads of one row.</typeparam>
internal sealed class ReadAheadCursor<TInput> : DataViewRowCursor, IRowInputs<TInput>
    where TInput : class, IRowInput
{
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;
    private readonly Func<Func<TInput?>> _openInput;
    private readonly Action _throwIfCanceled;
    private readonly ReadAheadColumn?[] _columns;

    // One for the present row and one for each row ahead.
    private readonly ReadAheadRow<TInput>[] _rows;
    private readonly Stack<int> _free;
    private readonly Queue<(int Row, Task Reading)> _ahead = [];
    private Task _reading = Task.CompletedTask;
    private ValueGetter<DataViewRowId>? _getId;
    private Func<TInput?>? _readInput;

    /// <summary>The kept row that the consumer is on, or none where it is on the source's.</summary>
    private int? _present;

    /// <summary>What was read of the source's row on the consumer's thread, so that it is not read twice.</summary>
    private (bool IsRead, TInput? Input) _onSource;

    private volatile bool _stopped;
    private bool _disposed;

    private ReadAheadCursor(DataViewRowCursor source, bool[] active, int rowsAhead, Func<Func<TInput?>> openInput, Action throwIfCanceled)
    {
        _source = source;
        _active = active;
        _openInput = openInput;
        _throwIfCanceled = throwIfCanceled;
        _columns = new ReadAheadColumn?[active.Length];
        _rows = [.. Enumerable.Range(0, rowsAhead + 1).Select(_ => new ReadAheadRow<TInput>())];
        _free = new Stack<int>(Enumerable.Range(0, _rows.Length));
    }

    public override DataViewSchema Schema => _source.Schema;

    public override long Position => _present is { } row ? _rows[row].Position : _source.Position;

    public override long Batch => _present is { } row ? _rows[row].Batch : _source.Batch;

    /// <summary>
    /// Wraps a source; where nothing is to be read ahead, or an active column holds what cannot be kept, it is the source itself.
    /// </summary>
    /// <param name="source">The source, which is disposed with the returned cursor.</param>
    /// <param name="active">Which of its columns the consumer may read.</param>
    /// <param name="rowsAhead">How many rows to read ahead at most.</param>
    /// <param name="openInput">Makes what reads the input of the source's row. Called once, when it is first needed.</param>
    /// <param name="throwIfCanceled">Throws where the run was canceled.</param>
    public static DataViewRowCursor Over(
        DataViewRowCursor source,
        bool[] active,
        int rowsAhead,
        Func<Func<TInput?>> openInput,
        Action throwIfCanceled
    ) =>
        rowsAhead > 0 && source.Schema.All(column => !active[column.Index] || ReadAheadColumn.CanKeep(column.Type))
            ? new ReadAheadCursor<TInput>(source, active, rowsAhead, openInput, throwIfCanceled)
            : source;

    public override bool MoveNext()
    {
        _onSource = default;
        if (_present is { } done)
        {
            _present = null;
            _free.Push(done);
        }

        if (!_ahead.TryDequeue(out (int Row, Task Reading) next))
        {
            return _source.MoveNext();
        }

        next.Reading.GetAwaiter().GetResult();
        ReadAheadRow<TInput> row = _rows[next.Row];
        if (row.Exists)
        {
            _present = next.Row;
            return true;
        }

        _free.Push(next.Row);
        FinishReading();
        row.MoveFailure?.Throw();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor.");
        }

        return ColumnOf(column).CreateGetter(() => _present) as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds {column.Type.RawType}, but a getter of {typeof(TValue)} was asked for."
            );
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
    {
        _getId ??= _source.GetIdGetter();
        return (ref DataViewRowId id) =>
        {
            if (_present is { } row)
            {
                id = _rows[row].Id;
            }
            else
            {
                _getId(ref id);
            }
        };
    }

    public TInput? Read()
    {
        if (_present is not { } row)
        {
            _onSource = (true, ReadInput());
            return _onSource.Input;
        }

        _rows[row].InputFailure?.Throw();
        return _rows[row].Input;
    }

    public void ReadOn()
    {
        if (_stopped)
        {
            return;
        }

        OpenAll();
        if (_present is null)
        {
            // The source is about to move on.
            int row = _free.Pop();
            Keep(row, _onSource.IsRead ? () => _onSource.Input : ReadInput);
            _present = row;
        }

        while (_free.TryPop(out int row))
        {
            _reading = _reading.ContinueWith(
                _ => ReadRow(row),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
            _ahead.Enqueue((row, _reading));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _stopped = true;
            FinishReading();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Opens all that a read will use, on the consumer's thread, because the source knows one user at a time.</summary>
    private void OpenAll()
    {
        _getId ??= _source.GetIdGetter();
        foreach (DataViewSchema.Column column in Schema)
        {
            if (_active[column.Index])
            {
                ColumnOf(column);
            }
        }
    }

    private ReadAheadColumn ColumnOf(DataViewSchema.Column column) =>
        _columns[column.Index] ??= ReadAheadColumn.Create(_source, column, _rows.Length);

    private TInput? ReadInput() => (_readInput ??= _openInput())();

    /// <summary>Runs on another thread, one call after the other. Never throws.</summary>
    private void ReadRow(int index)
    {
        ReadAheadRow<TInput> row = _rows[index];
        row.Exists = false;
        row.MoveFailure = null;
        if (_stopped)
        {
            return;
        }

        try
        {
            _throwIfCanceled();
            if (_source.MoveNext())
            {
                Keep(index, ReadInput);
                row.Exists = true;
            }
        }
        catch (Exception exception)
        {
            row.MoveFailure = ExceptionDispatchInfo.Capture(exception);
        }

        // Never back to false: the cursor may have been disposed meanwhile.
        if (!row.Exists)
        {
            _stopped = true;
        }
    }

    /// <summary>Keeps the row that the source is on.</summary>
    private void Keep(int index, Func<TInput?> readInput)
    {
        ReadAheadRow<TInput> row = _rows[index];
        row.Position = _source.Position;
        row.Batch = _source.Batch;
        DataViewRowId id = default;
        _getId!(ref id);
        row.Id = id;
        foreach (ReadAheadColumn? column in _columns)
        {
            column?.Keep(index);
        }

        (row.Input, row.InputFailure) = (null, null);
        try
        {
            row.Input = readInput();
            row.Input?.Prepare();
        }
        catch (Exception exception)
        {
            row.InputFailure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void FinishReading()
    {
        _reading.GetAwaiter().GetResult();
        while (_ahead.TryDequeue(out (int Row, Task Reading) next))
        {
            _free.Push(next.Row);
        }
    }
}
