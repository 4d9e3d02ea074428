using System.Buffers;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Connected components of the active cells of a grid, by union-find.</summary>
internal static class ConnectedComponents
{
    // 2 x 4 KiB on the stack cover a grid of 32 x 32 cells.
    private const int MaximumStackCells = 1024;

    /// <summary>Finds the largest component; of equally large ones the one that comes first in raster order.</summary>
    /// <param name="active">Active cells, <c>[height, width]</c>.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="connectivity">Which neighbors join a component.</param>
    /// <param name="largest">Receives the cells of the largest component; may be empty where only the size is wanted.</param>
    /// <returns>Number of cells of the largest component, 0 where no cell is active.</returns>
    public static int Largest(ReadOnlySpan<bool> active, int height, int width, Connectivity connectivity, Span<bool> largest)
    {
        int cells = height * width;
        int[]? rented = cells > MaximumStackCells ? ArrayPool<int>.Shared.Rent(2 * cells) : null;
        Span<int> memory = rented ?? stackalloc int[2 * MaximumStackCells];
        Span<int> parents = memory[..cells];
        Span<int> sizes = memory.Slice(cells, cells);
        try
        {
            Join(active, height, width, connectivity, parents);
            sizes.Clear();
            for (int cell = 0; cell < cells; cell++)
            {
                if (active[cell])
                {
                    sizes[Root(parents, cell)]++;
                }
            }
            int best = 0;
            for (int cell = 1; cell < cells; cell++)
            {
                if (sizes[cell] > sizes[best])
                {
                    best = cell;
                }
            }
            for (int cell = 0; cell < largest.Length; cell++)
            {
                largest[cell] = active[cell] && Root(parents, cell) == best;
            }
            return sizes[best];
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<int>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Links every active cell to its active neighbors before it in raster order.</summary>
    private static void Join(ReadOnlySpan<bool> active, int height, int width, Connectivity connectivity, Span<int> parents)
    {
        bool diagonal = connectivity == Connectivity.Eight;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                int cell = row * width + column;
                if (!active[cell])
                {
                    continue;
                }
                parents[cell] = cell;
                if (column > 0 && active[cell - 1])
                {
                    Unite(parents, cell - 1, cell);
                }
                if (row == 0)
                {
                    continue;
                }
                int above = cell - width;
                if (active[above])
                {
                    Unite(parents, above, cell);
                }
                if (diagonal && column > 0 && active[above - 1])
                {
                    Unite(parents, above - 1, cell);
                }
                if (diagonal && column + 1 < width && active[above + 1])
                {
                    Unite(parents, above + 1, cell);
                }
            }
        }
    }

    private static void Unite(Span<int> parents, int first, int second)
    {
        (int rootOfFirst, int rootOfSecond) = (Root(parents, first), Root(parents, second));
        // The smaller index stays the root, so that a component's root is its first cell in raster order.
        parents[Math.Max(rootOfFirst, rootOfSecond)] = Math.Min(rootOfFirst, rootOfSecond);
    }

    private static int Root(Span<int> parents, int cell)
    {
        while (parents[cell] != cell)
        {
            parents[cell] = parents[parents[cell]];
            cell = parents[cell];
        }
        return cell;
    }
}
