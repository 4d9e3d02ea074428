using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>Computes the outputs of the rows that one cursor moves over. Used by one thread at a time, like the cursor itself.</summary>
/// <remarks>
/// Inputs are opened when a getter that needs them is made, and values are computed when such a getter is called, so that only what is
/// asked for is paid for, whatever ML.NET declares active (a prediction engine declares every column active).
/// </remarks>
internal abstract class RowMapper : IDisposable
{
    protected RowMapper(DataViewRow row) => Row = row;

    protected DataViewRow Row { get; }

    /// <summary>
    /// Makes the getter of output number <paramref name="output"/>: a <see cref="ValueGetter{TValue}"/> of the column's raw type.
    /// </summary>
    public abstract Delegate CreateGetter(int output);

    public void Dispose() => DisposeCore();

    /// <summary>A step that runs at most once per row, when it is first called for.</summary>
    protected OncePerRow Once(Action compute) => new(Row, compute);

    protected virtual void DisposeCore() { }

    /// <summary><paramref name="array"/> if it has the size already, else a new one: buffers are made when first needed.</summary>
    protected static float[] Sized(float[] array, int size) => array.Length == size ? array : new float[size];

    /// <summary>A getter that hands out a copy of <paramref name="values"/> after <paramref name="step"/> has filled them.</summary>
    protected static ValueGetter<VBuffer<float>> VectorGetter(OncePerRow step, Func<float[]> values) =>
        (ref VBuffer<float> destination) =>
        {
            step.Run();
            float[] source = values();
            var editor = VBufferEditor.Create(ref destination, source.Length);
            source.CopyTo(editor.Values);
            destination = editor.Commit();
        };
}
