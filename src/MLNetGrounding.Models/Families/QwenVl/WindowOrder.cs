namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>
/// The cells of a grid window by window, windows of one size side by side: there are at most four sizes, those at the right and bottom
/// edges being cut.
/// </summary>
/// <remarks>
/// Attention in windows then needs neither a mask nor padding nor copies. Attention over the whole image does not depend on the order, as
/// positions go with the cells.
/// </remarks>
internal sealed class WindowOrder
{
    private WindowOrder(int[] cells, IReadOnlyList<WindowGroup> groups)
    {
        Cells = cells;
        Groups = groups;
    }

    /// <summary>For each place the cell, counted row by row.</summary>
    public IReadOnlyList<int> Cells { get; }

    /// <summary>The windows, in cells.</summary>
    public IReadOnlyList<WindowGroup> Groups { get; }

    /// <summary>For each cell its place.</summary>
    public long[] Places()
    {
        long[] places = new long[Cells.Count];
        for (int place = 0; place < places.Length; place++)
        {
            places[Cells[place]] = place;
        }

        return places;
    }

    /// <summary>Cuts a grid into windows from the top left.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="side">Side of a window in cells.</param>
    public static WindowOrder Of(MapGrid grid, int side)
    {
        List<int[]> windows = [];
        for (int top = 0; top < grid.Height; top += side)
        {
            for (int left = 0; left < grid.Width; left += side)
            {
                (int height, int width) = (Math.Min(side, grid.Height - top), Math.Min(side, grid.Width - left));
                int first = (top * grid.Width) + left;
                windows.Add([.. Enumerable.Range(0, height * width).Select(cell => first + (cell / width * grid.Width) + (cell % width))]);
            }
        }

        List<int> cells = [];
        List<WindowGroup> groups = [];
        foreach (IGrouping<int, int[]> size in windows.GroupBy(window => window.Length))
        {
            groups.Add(new WindowGroup(cells.Count, size.Count(), size.Key));
            cells.AddRange(size.SelectMany(window => window));
        }

        return new WindowOrder([.. cells], groups);
    }
}
