namespace MLNetGrounding.Models.Tiles;

/// <summary>Cuts an image into square tiles, row by row.</summary>
internal static class TileCutter
{
    /// <summary>Cuts an image.</summary>
    /// <param name="pixels">Red, green and blue, <c>[rows × side, columns × side, 3]</c>.</param>
    /// <param name="side">Side of a tile in pixels.</param>
    /// <param name="rows">Rows of tiles.</param>
    /// <param name="columns">Columns of tiles.</param>
    /// <returns>Tiles, <c>[side, side, 3]</c> each.</returns>
    public static IEnumerable<byte[]> Cut(byte[] pixels, int side, int rows, int columns)
    {
        int length = 3 * side;
        for (int tile = 0; tile < rows * columns; tile++)
        {
            byte[] cut = new byte[side * length];
            int first = (((tile / columns) * side * columns) + (tile % columns)) * length;
            for (int y = 0; y < side; y++)
            {
                pixels.AsSpan(first + (y * columns * length), length).CopyTo(cut.AsSpan(y * length));
            }

            yield return cut;
        }
    }
}
