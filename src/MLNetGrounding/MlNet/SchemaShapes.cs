using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.MlNet;

/// <summary>Builds the schema shapes that <see cref="IEstimator{TTransformer}.GetOutputSchema"/> returns.</summary>
/// <remarks>
/// ML.NET keeps the constructor of <see cref="SchemaShape.Column"/> to itself, but derives a shape from a schema whenever a chain is
/// fitted and shows it to each estimator. So a chain of one estimator that only remembers what it is shown is fitted on an empty view.
/// </remarks>
internal static class SchemaShapes
{
    /// <summary>
    /// The shape of <paramref name="inputSchema"/> after <paramref name="outputs"/> were added; equal names are replaced.
    /// </summary>
    public static SchemaShape Append(SchemaShape inputSchema, IEnumerable<DataViewSchema.DetachedColumn> outputs)
    {
        var columns = inputSchema.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (SchemaShape.Column column in Of(outputs))
        {
            columns[column.Name] = column;
        }

        return new SchemaShape(columns.Values);
    }

    public static SchemaShape Of(IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns);
        return Of(builder.ToSchema());
    }

    public static SchemaShape Of(DataViewSchema schema)
    {
        var catcher = new Catcher();
        new EstimatorChain<ITransformer>().Append(catcher).Fit(new EmptyView(schema));
        return catcher.Shape;
    }

    private sealed class Catcher : IEstimator<ITransformer>
    {
        public SchemaShape Shape { get; private set; } = new([]);

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }
}
