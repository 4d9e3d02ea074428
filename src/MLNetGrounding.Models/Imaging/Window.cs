namespace MLNetGrounding.Models.Imaging;

/// <summary>A rectangle of a resized picture, in its pixels.</summary>
internal readonly record struct Window(int Left, int Top, int Width, int Height);
