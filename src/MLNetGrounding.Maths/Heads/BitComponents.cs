using System.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// Connected components of a grid whose rows are words of bits, by union-find over runs: neighboring active cells of a row.
/// </summary>
/// <remarks>
/// A run's number is the number of runs that begin before it in raster order, which counting bits gives without a look at single cells.
/// </remarks>
internal static class BitComponents
{
    /// <summary>Length of the scratch memory that <see cref="Largest"/> needs.</summary>
    public static int ScratchFor(int height, int width) => 2 * height * ((width + 1) / 2);

    /// <summary>Finds the largest component; of equally large ones the one that comes first in raster order.</summary>
    /// <param name="rows">Active cells, one word per row, the first column in the lowest bit.</param>
    /// <param name="connectivity">Which neighbors join a component.</param>
    /// <param name="scratch">Scratch memory, <see cref="ScratchFor"/> elements.</param>
    /// <param name="largest">Receives the cells of the largest component; may be empty where only the size is wanted.</param>
    /// <returns>Number of cells of the largest component, 0 where no cell is active.</returns>
    public static int Largest(ReadOnlySpan<ulong> rows, Connectivity connectivity, Span<int> scratch, Span<ulong> largest)
    {
        Span<int> parents = scratch[..(scratch.Length / 2)];
        Span<int> sizes = scratch[(scratch.Length / 2)..];
        (ulong above, int runsAbove, int runs) = (0UL, 0, 0);
        foreach (ulong row in rows)
        {
            int before = runs;
            runs = AddRuns(row, runs, parents, sizes);
            JoinOverlaps(row, above, row & above, 0, before, runsAbove, parents, sizes);
            if (connectivity == Connectivity.Eight)
            {
                // Corners that no edge joins already: neither cell continues its run towards the other.
                JoinOverlaps(row, above, row & above << 1 & ~above & ~(row << 1), -1, before, runsAbove, parents, sizes);
                JoinOverlaps(row, above, row & above >> 1 & ~above & ~(row >> 1), 1, before, runsAbove, parents, sizes);
            }
            (above, runsAbove) = (row, before);
        }
        int best = 0;
        for (int run = 1; run < runs; run++)
        {
            best = sizes[run] > sizes[best] ? run : best;
        }
        Mark(rows, parents, best, largest);
        return runs == 0 ? 0 : sizes[best];
    }

    /// <summary>Makes every run of a row a component of its own.</summary>
    /// <returns>Number of runs up to the row's end.</returns>
    private static int AddRuns(ulong row, int runs, Span<int> parents, Span<int> sizes)
    {
        while (row != 0)
        {
            ulong run = FirstRun(row);
            row ^= run;
            parents[runs] = runs;
            sizes[runs] = BitOperations.PopCount(run);
            runs++;
        }
        return runs;
    }

    /// <summary>Joins the runs of a row with those above that they touch.</summary>
    /// <param name="row">The row.</param>
    /// <param name="above">The row above.</param>
    /// <param name="touching">Cells of the row that have an active neighbor above.</param>
    /// <param name="shift">How many columns to the right the neighbor lies.</param>
    /// <param name="runs">Number of runs before the row.</param>
    /// <param name="runsAbove">Number of runs before the row above.</param>
    /// <param name="parents">Parents of the runs; a component's root is its first run.</param>
    /// <param name="sizes">Cells of the components of which a run is the root.</param>
    private static void JoinOverlaps(
        ulong row,
        ulong above,
        ulong touching,
        int shift,
        int runs,
        int runsAbove,
        Span<int> parents,
        Span<int> sizes
    )
    {
        ulong starts = row & ~(row << 1);
        ulong startsAbove = above & ~(above << 1);
        // Neighboring cells that touch join the same two runs.
        for (touching &= ~(touching << 1); touching != 0; touching &= touching - 1)
        {
            ulong upTo = touching ^ (touching - 1);
            ulong upToAbove =
                shift < 0 ? upTo >> 1
                : shift > 0 ? upTo << 1 | 1
                : upTo;
            int run = Root(parents, runs + BitOperations.PopCount(starts & upTo) - 1);
            int runAbove = Root(parents, runsAbove + BitOperations.PopCount(startsAbove & upToAbove) - 1);
            if (run != runAbove)
            {
                (int first, int second) = run < runAbove ? (run, runAbove) : (runAbove, run);
                parents[second] = first;
                sizes[first] += sizes[second];
            }
        }
    }

    private static void Mark(ReadOnlySpan<ulong> rows, Span<int> parents, int root, Span<ulong> component)
    {
        int run = 0;
        for (int row = 0; row < component.Length; row++)
        {
            component[row] = 0;
            for (ulong left = rows[row]; left != 0; run++)
            {
                ulong cells = FirstRun(left);
                left ^= cells;
                component[row] |= Root(parents, run) == root ? cells : 0;
            }
        }
    }

    /// <summary>The lowest bits that are set side by side: adding the lowest one carries through them.</summary>
    private static ulong FirstRun(ulong row) => row & ~(row + (row & (0 - row)));

    private static int Root(Span<int> parents, int run)
    {
        while (parents[run] != run)
        {
            parents[run] = parents[parents[run]];
            run = parents[run];
        }
        return run;
    }
}
