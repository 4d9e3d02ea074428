namespace MLNetGrounding.Prediction;

/// <summary>Splits the cells of a region into those that hang together by their edges.</summary>
internal static class RegionComponents
{
    /// <summary>The components, the one with most cells first, of equally large ones the one that comes first in raster order.</summary>
    /// <param name="cells">Whether each cell belongs to the region, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="grid">The cells of the map.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Of(ReadOnlySpan<bool> cells, MapGrid grid)
    {
        bool[] left = cells.ToArray();
        List<IReadOnlyList<int>> components = [];
        Stack<int> reached = new();
        for (int first = 0; first < left.Length; first++)
        {
            if (!left[first])
            {
                continue;
            }

            List<int> component = [];
            Reach(first);
            while (reached.TryPop(out int cell))
            {
                component.Add(cell);
                int column = cell % grid.Width;
                if (column > 0)
                {
                    Reach(cell - 1);
                }

                if (column < grid.Width - 1)
                {
                    Reach(cell + 1);
                }

                Reach(cell - grid.Width);
                Reach(cell + grid.Width);
            }

            components.Add(component);
        }

        // The sort is stable: components were found in raster order of their first cells.
        return [.. components.OrderByDescending(component => component.Count)];

        void Reach(int cell)
        {
            if (cell >= 0 && cell < left.Length && left[cell])
            {
                left[cell] = false;
                reached.Push(cell);
            }
        }
    }
}
