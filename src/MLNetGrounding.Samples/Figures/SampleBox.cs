namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// A box in pixels, whose right and bottom edges are exclusive.
/// </summary>
internal readonly record struct SampleBox(int X, int Y, int Width, int Height);
