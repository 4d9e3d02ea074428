namespace MLNetGrounding.Report;

/// <summary>How many layers and heads there are to look at, in <see cref="ReportData"/>.</summary>
internal sealed record ReportLayers(int Layers, int Heads);
