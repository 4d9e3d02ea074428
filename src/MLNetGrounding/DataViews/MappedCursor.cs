using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>Moves with the source's cursor and adds the outputs of a <see cref="RowMap"/>.</summary>
internal sealed class MappedCursor(DataViewRowCursor source, RowMap map, bool[] active) : DataViewRowCursor
{
    private readonly MappedColumns _columns = new(source, map, active);

    public override DataViewSchema Schema => map.OutputSchema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _columns.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
