using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>Reads a float vector column of the current row as dense values.</summary>
internal sealed class VectorInput(DataViewRow row, DataViewSchema.Column column)
{
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private readonly int _size = ((VectorDataViewType)column.Type).Size;
    private VBuffer<float> _buffer;
    private float[]? _dense;

    /// <summary>The row's values; empty where a faulty source hands out another number of values than its schema says.</summary>
    public ReadOnlySpan<float> Read()
    {
        _getter(ref _buffer);
        if (_buffer.Length != _size)
        {
            return [];
        }

        if (_buffer.IsDense)
        {
            return _buffer.GetValues();
        }

        _dense ??= new float[_size];
        _buffer.CopyTo(_dense);
        return _dense;
    }
}
