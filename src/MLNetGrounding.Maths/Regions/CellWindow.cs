namespace MLNetGrounding.Maths.Regions;

/// <summary>A rectangle of cells.</summary>
/// <param name="Row">Its first row.</param>
/// <param name="Column">Its first column.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its columns.</param>
internal readonly record struct CellWindow(int Row, int Column, int Height, int Width);
