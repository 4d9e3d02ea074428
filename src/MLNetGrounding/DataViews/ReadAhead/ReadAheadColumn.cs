using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Keeps the values that one column of the source has in the rows that were read ahead.</summary>
internal abstract class ReadAheadColumn
{
    private readonly ExceptionDispatchInfo?[] _failures;

    protected ReadAheadColumn(int rows) => _failures = new ExceptionDispatchInfo?[rows];

    /// <summary>Whether values of a type can outlive the row that they were read from: ML.NET's own values, and images.</summary>
    public static bool CanKeep(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType or ImageDataViewType;

    /// <summary>Makes the column that fits a type.</summary>
    /// <param name="source">The row that moves ahead.</param>
    /// <param name="column">One of its columns, of a type that <see cref="CanKeep"/>.</param>
    /// <param name="rows">The number of rows to keep.</param>
    public static ReadAheadColumn Create(DataViewRow source, DataViewSchema.Column column, int rows)
    {
        if (column.Type is ImageDataViewType)
        {
            return new ReadAheadImages(source.GetGetter<MLImage>(column), rows);
        }

        Type kind = column.Type is VectorDataViewType vector
            ? typeof(ReadAheadVectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ReadAheadValues<>).MakeGenericType(column.Type.RawType);
        return (ReadAheadColumn)
            Activator.CreateInstance(kind, BindingFlags.DoNotWrapExceptions, binder: null, [source, column, rows], culture: null)!;
    }

    /// <summary>
    /// Keeps the value of the row that the source is on. A failure is kept too, and thrown to whoever asks for the value.
    /// </summary>
    /// <param name="row">Where to keep it.</param>
    public void Keep(int row)
    {
        _failures[row] = null;
        try
        {
            KeepValue(row);
        }
        catch (Exception exception)
        {
            _failures[row] = ExceptionDispatchInfo.Capture(exception);
        }
    }

    /// <summary>
    /// Makes a getter of the kept value of the row that <paramref name="present"/> names, or of the source's row where it names none.
    /// </summary>
    public abstract Delegate CreateGetter(Func<int?> present);

    protected abstract void KeepValue(int row);

    protected void ThrowIfFailed(int row) => _failures[row]?.Throw();
}
