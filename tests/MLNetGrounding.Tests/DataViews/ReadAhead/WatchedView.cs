using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>The rows of a source, with a watch on who moves and when cursors are disposed.</summary>
internal sealed class WatchedView(IDataView source, Pictures owner) : IDataView
{
    private int _moves;
    private int _disposals;

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => source.CanShuffle;

    /// <summary>How often a cursor was moved.</summary>
    public int Moves => Volatile.Read(ref _moves);

    /// <summary>How often a cursor was disposed.</summary>
    public int Disposals => Volatile.Read(ref _disposals);

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, source.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(WatchedView view, DataViewRowCursor rows) : DataViewRowCursor
    {
        private readonly Pictures _owner = view.Owner;

        public override DataViewSchema Schema => rows.Schema;

        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override bool MoveNext() =>
            _owner.Watch(
                "MoveNext",
                () =>
                {
                    Interlocked.Increment(ref view._moves);
                    return rows.Position + 1 == _owner.UnreachableRow ? throw new IOException("no more rows") : rows.MoveNext();
                }
            );

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => rows.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            Interlocked.Increment(ref view._disposals);
            rows.Dispose();
            base.Dispose(disposing);
        }
    }

    private Pictures Owner => owner;
}
