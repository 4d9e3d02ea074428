using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>One row with the outputs of a <see cref="RowMap"/>, as prediction engines use it: the row beneath changes its values.</summary>
internal sealed class MappedRow(DataViewRow source, RowMap map, bool[] active) : DataViewRow
{
    private readonly MappedColumns _columns = new(source, map, active);

    public override DataViewSchema Schema => map.OutputSchema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

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
