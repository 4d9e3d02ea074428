namespace MLNetGrounding.Answers;

/// <summary>Boxes as maps, to be scored like those of methods.</summary>
internal static class BoxMap
{
    /// <summary>
    /// Marks the cells whose middle lies in a box, so that on average a region is as large as its box; where there is none, the cell of the
    /// box's own middle.
    /// </summary>
    /// <param name="box">A box in pixels of the image.</param>
    /// <param name="geometry">Where the image lies on the grid.</param>
    /// <param name="map">Receives 1 for each marked cell, <c>[gridHeight, gridWidth]</c>; other cells are left as they are.</param>
    public static void Write(AnswerBox box, ImageGeometry geometry, Span<float> map)
    {
        bool isMarked = false;
        for (int cell = 0; cell < map.Length; cell++)
        {
            (double left, double top, double right, double bottom) = geometry.CellToPixels(
                cell / geometry.Grid.Width,
                cell % geometry.Grid.Width
            );
            (double x, double y) = ((left + right) / 2, (top + bottom) / 2);
            if (x >= box.X && x < box.X + box.Width && y >= box.Y && y < box.Y + box.Height)
            {
                map[cell] = 1;
                isMarked = true;
            }
        }

        if (!isMarked && geometry.TryGetCell(box.X + (box.Width / 2), box.Y + (box.Height / 2), out int row, out int column))
        {
            map[(row * geometry.Grid.Width) + column] = 1;
        }
    }
}
