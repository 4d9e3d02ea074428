using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>Hands out the getters of a mapped row: the source's for its columns, the mapper's for the outputs.</summary>
internal sealed class MappedColumns(DataViewRow source, RowMap map, bool[] active) : IDisposable
{
    private RowMapper? _mapper;

    public bool IsActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsActive(column))
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' is not active in this cursor. Name it among the columns needed when the cursor is opened."
            );
        }

        if (column.Index < map.InputSchema.Count)
        {
            return source.GetGetter<TValue>(map.InputSchema[column.Index]);
        }

        DataViewType type = map.OutputSchema[column.Index].Type;
        if (type.RawType != typeof(TValue))
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' holds {type.RawType}, but a getter of {typeof(TValue)} was asked for."
            );
        }

        _mapper ??= map.CreateMapper(source);
        return (ValueGetter<TValue>)_mapper.CreateGetter(column.Index - map.InputSchema.Count);
    }

    public void Dispose() => _mapper?.Dispose();
}
