using Microsoft.ML;

namespace MLNetGrounding;

/// <summary>A method to evaluate: its name in reports and the column that holds its maps.</summary>
/// <param name="Name">The name, e.g. <c>Paper</c>.</param>
/// <param name="MapColumnName">The column of its grounding maps, floats <c>[queries, gridHeight, gridWidth]</c>.</param>
public sealed record EvaluatedMethod(string Name, string MapColumnName)
{
    internal const string MapColumn = GroundingColumns.GroundingMaps;

    /// <summary>
    /// The methods whose maps a view holds in columns of the default names: <c>GroundingMaps</c>, and the name of a method after that and a
    /// dot.
    /// </summary>
    internal static List<EvaluatedMethod> AllOf(DataViewSchema schema) =>
        [
            .. schema
                .Where(column =>
                    !column.IsHidden && (column.Name == MapColumn || column.Name.StartsWith(MapColumn + ".", StringComparison.Ordinal))
                )
                .Select(column => new EvaluatedMethod(
                    column.Name == MapColumn ? MapColumn : column.Name[(MapColumn.Length + 1)..],
                    column.Name
                )),
        ];
}
