namespace MLNetGrounding.Report;

/// <summary>
/// How many layers and heads there are to look at, and what is said of cells that stand out whatever is asked, in <see cref="ReportData"/>.
/// </summary>
internal sealed record ReportLayers(int Layers, int Heads, string ConstantCells);
