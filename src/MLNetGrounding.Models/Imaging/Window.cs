namespace MLNetGrounding.Models.Imaging;

/// <summary>A rectangle of a resized image, in its pixels.</summary>
internal readonly record struct Window(long Left, long Top, int Width, int Height);
