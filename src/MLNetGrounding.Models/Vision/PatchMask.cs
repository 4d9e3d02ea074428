using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>
/// Views that an image fills only in part, from the top left: the patches beyond it have no position of their own, and nothing attends to
/// them.
/// </summary>
internal sealed class PatchMask
{
    private readonly bool[] _shown;
    private readonly int _views;

    /// <param name="pixels">Whether each pixel is of the image, <c>[views, side, side]</c>; a patch is if any of its pixels is.</param>
    /// <param name="side">Side of a view in pixels; what patches leave of it is never seen.</param>
    /// <param name="patchSize">Side of a patch in pixels.</param>
    public PatchMask(ReadOnlySpan<bool> pixels, int side, int patchSize)
    {
        int along = side / patchSize;
        _views = pixels.Length / (side * side);
        _shown = new bool[_views * along * along];
        int[] positions = new int[_shown.Length];
        for (int view = 0; view < _views; view++)
        {
            Span<bool> shown = _shown.AsSpan(view * along * along, along * along);
            for (int pixel = 0; pixel < side * side; pixel++)
            {
                (int row, int column) = (pixel / side / patchSize, pixel % side / patchSize);
                if (row < along && column < along)
                {
                    shown[(row * along) + column] |= pixels[(view * side * side) + pixel];
                }
            }

            Place(shown, along, positions.AsSpan(view * along * along, along * along));
        }

        Positions = positions;
    }

    /// <summary>The row of the position table for each patch, <c>[views, patches]</c>; 0 for those beyond the image.</summary>
    public IReadOnlyList<int> Positions { get; }

    /// <summary>Which keys count, <c>[views, 1, 1, patches]</c>.</summary>
    public Tensor Keys(Device device) => tensor(_shown, [_views, 1, 1, _shown.Length / _views], device: device);

    /// <summary>The patches of the image are spread over the whole table, as many as there are in the first row and column.</summary>
    private static void Place(ReadOnlySpan<bool> shown, int along, Span<int> positions)
    {
        int rows = 0;
        int columns = 0;
        for (int index = 0; index < along; index++)
        {
            rows += shown[index * along] ? 1 : 0;
            columns += shown[index] ? 1 : 0;
        }

        int[] down = rows == 0 ? [] : FractionalPositions.Along(rows, along);
        int[] across = columns == 0 ? [] : FractionalPositions.Along(columns, along);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                positions[(row * along) + column] = (down[row] * along) + across[column];
            }
        }
    }
}
