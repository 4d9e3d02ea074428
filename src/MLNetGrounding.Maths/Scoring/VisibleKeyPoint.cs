using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>A key point that annotators saw.</summary>
/// <param name="X">Pixels from the left edge of the original image.</param>
/// <param name="Y">Pixels from its top edge.</param>
/// <param name="Cell">The cell of the grid that it lies in, row-major; <see cref="OutOfView"/> where no cell shows it.</param>
public readonly record struct VisibleKeyPoint(double X, double Y, int Cell)
{
    /// <summary>The cell of a key point that a crop removed, or that lies outside the image: every prediction misses it.</summary>
    public const int OutOfView = -1;

    /// <summary>Finds the visible ones among the key points of a query.</summary>
    /// <param name="geometry">Maps pixels to cells.</param>
    /// <param name="keyPoints">Pairs of x and y in pixels of the original image, <c>[points, 2]</c>.</param>
    /// <param name="visible">0 for a key point that is not visible, <c>[points]</c>.</param>
    /// <param name="indices">The key points that the query may hit.</param>
    /// <param name="found">Receives the visible ones, at most as many as <paramref name="indices"/>.</param>
    /// <returns>How many are visible.</returns>
    /// <exception cref="ArgumentException">A visible key point's coordinate is NaN, or a visibility is NaN or negative.</exception>
    internal static int Find(
        in ImageGeometry geometry,
        ReadOnlySpan<float> keyPoints,
        ReadOnlySpan<float> visible,
        ReadOnlySpan<int> indices,
        Span<VisibleKeyPoint> found
    )
    {
        Numbers.ThrowIfLengthIsNot(2 * visible.Length, keyPoints.Length, "[points, 2]", nameof(keyPoints));
        int count = 0;
        foreach (int index in indices)
        {
            if (!IsVisible(visible, index))
            {
                continue;
            }
            (float x, float y) = (keyPoints[2 * index], keyPoints[2 * index + 1]);
            if (float.IsNaN(x) || float.IsNaN(y))
            {
                throw new ArgumentException($"Key point {index} is visible but lies at ({x}, {y}).", nameof(keyPoints));
            }
            int cell = geometry.TryGetCell(x, y, out int row, out int column) ? row * geometry.Grid.Width + column : OutOfView;
            found[count++] = new VisibleKeyPoint(x, y, cell);
        }
        return count;
    }

    /// <summary>Whether annotators saw a key point: its visibility is not 0.</summary>
    /// <exception cref="ArgumentException">The visibility is NaN or negative.</exception>
    internal static bool IsVisible(ReadOnlySpan<float> visible, int index) =>
        visible[index] >= 0
            ? visible[index] > 0
            : throw new ArgumentException(
                $"The visibility of key point {index} is {visible[index]}, expected 0 or a positive number.",
                nameof(visible)
            );

    /// <summary>Whether any of the points lies in the region, <c>[gridHeight, gridWidth]</c>.</summary>
    internal static bool AnyIn(ReadOnlySpan<bool> region, ReadOnlySpan<VisibleKeyPoint> points)
    {
        foreach (VisibleKeyPoint point in points)
        {
            if (point.Cell != OutOfView && region[point.Cell])
            {
                return true;
            }
        }
        return false;
    }
}
