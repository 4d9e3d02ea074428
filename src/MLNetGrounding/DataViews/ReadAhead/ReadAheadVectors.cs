using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Keeps vectors. Getters hand out copies, because their consumers may write to the buffer.</summary>
internal sealed class ReadAheadVectors<T>(DataViewRow source, DataViewSchema.Column column, int rows)
    : ReadAheadValues<VBuffer<T>>(source, column, rows)
{
    protected override void Copy(in VBuffer<T> value, ref VBuffer<T> destination) => value.CopyTo(ref destination);
}
