namespace MLNetGrounding;

/// <summary>A rectangle of whole pixels of an image.</summary>
/// <param name="X">The first column of pixels, from 0 at the left.</param>
/// <param name="Y">The first row of pixels, from 0 at the top.</param>
/// <param name="Width">The number of columns, at least 1.</param>
/// <param name="Height">The number of rows, at least 1.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height);
