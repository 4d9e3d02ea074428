namespace MLNetGrounding.Report;

/// <summary>Every head over all images, in <see cref="ReportData"/>.</summary>
/// <param name="Layers">Layers of the model.</param>
/// <param name="Heads">Heads of a layer.</param>
/// <param name="Images">How many images came with their layers.</param>
/// <param name="Queries">The heads for each query, then for all queries together.</param>
internal sealed record ReportHeads(int Layers, int Heads, int Images, IReadOnlyList<ReportQueryHeads> Queries);
