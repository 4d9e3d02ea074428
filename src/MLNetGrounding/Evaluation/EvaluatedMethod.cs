namespace MLNetGrounding;

/// <summary>A method to evaluate: its name in reports and the column that holds its maps.</summary>
/// <param name="Name">The name, e.g. <c>Paper</c>.</param>
/// <param name="MapColumnName">The column of its grounding maps, floats <c>[queries, grid, grid]</c>.</param>
public sealed record EvaluatedMethod(string Name, string MapColumnName);
