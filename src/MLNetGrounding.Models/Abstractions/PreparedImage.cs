namespace MLNetGrounding.Models.Abstractions;

/// <summary>An image as a model's encoder takes it; no weights are needed to make one.</summary>
/// <param name="Values">Normalized pixels in the order that the family's encoder reads.</param>
/// <param name="Shape">The dimensions of <paramref name="Values"/>.</param>
/// <param name="Geometry">Where the original's pixels lie on the grid.</param>
/// <param name="Span">The tokens that stand for it.</param>
internal record PreparedImage(float[] Values, long[] Shape, ImageGeometry Geometry, ImageSpan Span);
