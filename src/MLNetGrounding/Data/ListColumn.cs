using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Data;

/// <summary>One column of a <see cref="ListView{TRow}"/>: what it is called, its type, and how a row's value is read.</summary>
internal sealed record ListColumn<TRow>(DataViewSchema.DetachedColumn Column, Func<Func<TRow>, Delegate> MakeGetter)
{
    public static ListColumn<TRow> Scalar<T>(string name, PrimitiveDataViewType type, Func<TRow, T> read) =>
        new(new(name, type), row => (ValueGetter<T>)((ref T destination) => destination = read(row())));

    public static ListColumn<TRow> Text(string name, Func<TRow, string> read) =>
        Scalar(name, TextDataViewType.Instance, row => read(row).AsMemory());

    /// <summary>A float vector. Getters hand out copies, because their consumers may write to the buffer.</summary>
    public static ListColumn<TRow> Vector(
        string name,
        int[] dimensions,
        Func<TRow, float[]> read,
        IReadOnlyList<string>? slotNames = null,
        Action<DataViewSchema.Annotations.Builder>? add = null
    )
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (slotNames is not null)
        {
            ColumnAnnotations.AddNames(annotations, ColumnAnnotations.SlotNames, slotNames.Count, () => slotNames);
        }

        add?.Invoke(annotations);
        return new(
            new(name, new VectorDataViewType(NumberDataViewType.Single, dimensions), annotations.ToAnnotations()),
            row =>
                (ValueGetter<VBuffer<float>>)(
                    (ref VBuffer<float> destination) =>
                    {
                        float[] source = read(row());
                        var editor = VBufferEditor.Create(ref destination, source.Length);
                        source.CopyTo(editor.Values);
                        destination = editor.Commit();
                    }
                )
        );
    }
}
