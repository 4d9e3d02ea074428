namespace MLNetGrounding.Models.Imaging;

/// <summary>A picture as the vision tower takes it.</summary>
/// <param name="Pixels">Normalized red, green and blue planes, <c>[3, size, size]</c>.</param>
/// <param name="Geometry">Where the original's pixels went.</param>
internal sealed record PreprocessedImage(float[] Pixels, ImageGeometry Geometry);
