using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>
/// A transformer bound to one input schema: it knows its outputs, which inputs each of them needs, and how to make the object
/// that computes them. It is shared by all cursors and holds nothing that belongs to a row.
/// </summary>
internal abstract class RowMap : IRowToRowMapper
{
    protected RowMap(DataViewSchema inputSchema, IReadOnlyList<DataViewSchema.DetachedColumn> outputs)
    {
        InputSchema = inputSchema;
        Outputs = outputs;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(outputs);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    /// <summary>The columns of <see cref="InputSchema"/>, in order, followed by <see cref="Outputs"/>.</summary>
    public DataViewSchema OutputSchema { get; }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    /// <summary>The input columns that output number <paramref name="output"/> is computed from.</summary>
    public abstract IEnumerable<DataViewSchema.Column> InputsOf(int output);

    /// <summary>Makes the object that computes the outputs of the rows that <paramref name="row"/> moves over.</summary>
    public abstract RowMapper CreateMapper(DataViewRow row);

    /// <summary>The cursor that the mapper moves over: the source itself, or one over it that reads ahead.</summary>
    /// <param name="source">A cursor with all inputs of the columns marked in <paramref name="active"/>.</param>
    /// <param name="active">The columns of <see cref="OutputSchema"/> that the consumer may read.</param>
    public virtual DataViewRowCursor ReadAhead(DataViewRowCursor source, bool[] active) => source;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        InputsFor(ActiveColumns(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != InputSchema)
        {
            throw new ArgumentException("The row has another schema than the one that this mapper was bound to.", nameof(input));
        }

        return new MappedRow(input, this, ActiveColumns(activeColumns));
    }

    /// <summary>For each column of <see cref="OutputSchema"/>, whether it is among <paramref name="columns"/>.</summary>
    internal bool[] ActiveColumns(IEnumerable<DataViewSchema.Column> columns)
    {
        bool[] active = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            if (column.Index >= active.Length || OutputSchema[column.Index].Name != column.Name)
            {
                throw new ArgumentException(
                    $"Column '{column.Name}' (index {column.Index}) is not a column of this view.",
                    nameof(columns)
                );
            }

            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>The input columns needed for the columns marked in <paramref name="active"/>, each once, in the schema's order.</summary>
    internal List<DataViewSchema.Column> InputsFor(bool[] active)
    {
        bool[] needed = active[..InputSchema.Count];
        for (int output = 0; output < Outputs.Count; output++)
        {
            if (active[InputSchema.Count + output])
            {
                foreach (DataViewSchema.Column input in InputsOf(output))
                {
                    needed[input.Index] = true;
                }
            }
        }

        return InputSchema.Where(column => needed[column.Index]).ToList();
    }
}
