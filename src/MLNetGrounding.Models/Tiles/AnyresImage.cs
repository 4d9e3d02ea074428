using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Models.Tiles;

/// <summary>An image as a whole view and tiles, with what becomes of the tiles' cells.</summary>
/// <param name="Values">Normalized pixels of the whole view and of the tiles row by row.</param>
/// <param name="Shape"><c>[views, 3, side, side]</c>.</param>
/// <param name="Geometry">Where the original's pixels lie on the grid.</param>
/// <param name="Span">The tokens that stand for it.</param>
/// <param name="Arrangement">How the tiles' cells become tokens.</param>
internal sealed record AnyresImage(float[] Values, long[] Shape, ImageGeometry Geometry, ImageSpan Span, AnyresArrangement Arrangement)
    : PreparedImage(Values, Shape, Geometry, Span);
