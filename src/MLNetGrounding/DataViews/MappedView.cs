using Microsoft.ML;

namespace MLNetGrounding.DataViews;

/// <summary>A view with the columns of its source and the outputs of a <see cref="RowMap"/>.</summary>
internal sealed class MappedView(IDataView source, RowMap map) : IDataView
{
    public DataViewSchema Schema => map.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = map.ActiveColumns(columnsNeeded);
        return Map(source.GetRowCursor(map.InputsFor(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = map.ActiveColumns(columnsNeeded);
        DataViewRowCursor[] cursors = source.GetRowCursorSet(map.InputsFor(active), n, rand);
        return Array.ConvertAll(cursors, DataViewRowCursor (cursor) => Map(cursor, active));
    }

    private MappedCursor Map(DataViewRowCursor cursor, bool[] active) => new MappedCursor(map.ReadAhead(cursor, active), map, active);
}
