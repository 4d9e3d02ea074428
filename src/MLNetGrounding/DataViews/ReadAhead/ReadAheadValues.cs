using Microsoft.ML;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Keeps numbers, texts and other values that copies of the variable are copies of.</summary>
internal class ReadAheadValues<T>(DataViewRow source, DataViewSchema.Column column, int rows) : ReadAheadColumn(rows)
{
    private readonly ValueGetter<T> _getter = source.GetGetter<T>(column);
    private readonly T[] _values = new T[rows];

    public sealed override Delegate CreateGetter(Func<int?> present) =>
        (ValueGetter<T>)(
            (ref T destination) =>
            {
                if (present() is { } row)
                {
                    ThrowIfFailed(row);
                    Copy(_values[row], ref destination);
                }
                else
                {
                    _getter(ref destination);
                }
            }
        );

    protected sealed override void KeepValue(int row) => _getter(ref _values[row]);

    protected virtual void Copy(in T value, ref T destination) => destination = value;
}
