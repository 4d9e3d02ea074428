using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Data;

/// <summary>
/// Rows in memory as a view. ML.NET's own view of an enumerable can be neither shuffled nor counted.
/// </summary>
internal sealed class ListView<TRow> : IDataView
{
    private readonly IReadOnlyList<TRow> _rows;
    private readonly IReadOnlyList<ListColumn<TRow>> _columns;

    public ListView(IReadOnlyList<TRow> rows, IReadOnlyList<ListColumn<TRow>> columns)
    {
        _rows = rows;
        _columns = columns;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => column.Column));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    public long? GetRowCount() => _rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly ListView<TRow> _view;
        private readonly HashSet<int> _active;
        private readonly int[] _order;
        private int _position = -1;

        public Cursor(ListView<TRow> view, HashSet<int> active, Random? random)
        {
            _view = view;
            _active = active;
            _order = [.. Enumerable.Range(0, view._rows.Count)];
            random?.Shuffle(_order);
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Position => _position < _order.Length ? _position : -1;

        public override long Batch => 0;

        private int RowIndex => Position >= 0 ? _order[_position] : throw new InvalidOperationException("The cursor is not on a row.");

        public override bool MoveNext()
        {
            _position = Math.Min(_position + 1, _order.Length);
            return _position < _order.Length;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId destination) => destination = new DataViewRowId((ulong)RowIndex, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            !IsColumnActive(column)
                ? throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor.")
                : _view._columns[column.Index].MakeGetter(() => _view._rows[RowIndex]) as ValueGetter<TValue>
                    ?? throw new InvalidOperationException(
                        $"Column '{column.Name}' holds {column.Type.RawType}, but a getter of {typeof(TValue)} was asked for."
                    );
    }
}
