namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// One step of drawing a figure: a filled region, or a line of its color's outline where <see cref="IsLine"/> is set.
/// </summary>
/// <param name="Region">The number of the region that the layer belongs to.</param>
/// <param name="Sketch">The path in the figure's coordinates.</param>
/// <param name="Clip">The path that the layer stays within, if any.</param>
/// <param name="IsLine">Whether the path is stroked as a detail, which leaves labels alone.</param>
/// <param name="LabelOnly">Whether the layer only refines labels, such as the crown within the head.</param>
internal sealed record FigureLayer(int Region, Sketch Sketch, Sketch? Clip = null, bool IsLine = false, bool LabelOnly = false);
