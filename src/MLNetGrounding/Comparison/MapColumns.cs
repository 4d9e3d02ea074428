using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Comparison;

/// <summary>The columns of methods' maps, found and checked: the same queries over the same cells.</summary>
internal sealed class MapColumns
{
    /// <param name="schema">The schema of the view.</param>
    /// <param name="component">What reads it, for messages.</param>
    /// <param name="methods">The methods, or null for all that the view has.</param>
    /// <param name="methodsOption">The option that names methods, for messages.</param>
    /// <param name="queryNames">The names of the queries, for columns that carry none.</param>
    /// <param name="queryNamesOption">The option that names queries, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type, or unlike the others.</exception>
    public MapColumns(
        DataViewSchema schema,
        string component,
        IReadOnlyList<EvaluatedMethod>? methods,
        string methodsOption,
        IReadOnlyList<string>? queryNames,
        string queryNamesOption
    )
    {
        Methods = methods ?? Find(schema, component, methodsOption);
        if (Methods.Count == 0 || Methods.Select(method => method.Name).Distinct(StringComparer.Ordinal).Count() < Methods.Count)
        {
            throw new ArgumentOutOfRangeException(
                methodsOption,
                $"{component}: {methodsOption} must name at least one method, and each once; the names are: {string.Join(", ", Methods.Select(method => method.Name))}."
            );
        }

        Columns = new DataViewSchema.Column[Methods.Count];
        (IReadOnlyList<string>? queries, MapGrid grid) = (null, default);
        for (int method = 0; method < Columns.Length; method++)
        {
            InputColumn input = new(
                component,
                methodsOption,
                Methods[method].MapColumnName,
                NumberDataViewType.Single,
                ["queries", "gridHeight", "gridWidth"]
            );
            Columns[method] = input.Find(schema);
            int[] dimensions = input.DimensionsOf(Columns[method]);
            IReadOnlyList<string> names =
                ColumnAnnotations.QueryNames(input, Columns[method], dimensions[0], queryNames)
                ?? throw SchemaMismatch.Because(
                    $"{component}: column '{input.Name}' carries no query names, which say what key points count. Set {queryNamesOption}."
                );
            if (queries is null)
            {
                (queries, grid) = (names, new MapGrid(dimensions[1], dimensions[2]));
            }

            input.RequireDimension(1, dimensions[1], grid.Height, $"column '{Columns[0].Name}'");
            input.RequireDimension(2, dimensions[2], grid.Width, $"column '{Columns[0].Name}'");
            if (!queries.SequenceEqual(names, StringComparer.Ordinal))
            {
                throw SchemaMismatch.Because(
                    $"{component}: column '{input.Name}' has the queries {string.Join(", ", names)}, column '{Columns[0].Name}' {string.Join(", ", queries)}. Methods are compared on the same queries in the same order."
                );
            }
        }

        (Queries, Grid) = (queries!, grid);
    }

    public IReadOnlyList<EvaluatedMethod> Methods { get; }

    /// <summary>The methods' maps, in the methods' order.</summary>
    public DataViewSchema.Column[] Columns { get; }

    public IReadOnlyList<string> Queries { get; }

    public MapGrid Grid { get; }

    private static List<EvaluatedMethod> Find(DataViewSchema schema, string component, string methodsOption)
    {
        List<EvaluatedMethod> methods = EvaluatedMethod.AllOf(schema);
        return methods.Count > 0
            ? methods
            : throw SchemaMismatch.Because(
                $"{component}: there is no column '{EvaluatedMethod.MapColumn}' and none whose name begins with '{EvaluatedMethod.MapColumn}.'. Set {methodsOption}. The data has: {string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => column.Name))}."
            );
    }
}
