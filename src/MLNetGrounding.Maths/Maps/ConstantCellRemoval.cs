using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Takes attention away from constant cells: those that stand out by about the same factor whatever is asked, and so say nothing about the
/// question. Unlike <see cref="AttentionSinkRemoval"/> it needs the attention alone, and no hidden states.
/// </summary>
/// <remarks>
/// Let m(q, c) be question q's attention to cell c, the mean over all layers and heads, and f(q, c) = m(q, c) / median of m(q, ·) over all
/// cells. Cell c is constant if the smallest f(q, c) of all questions is at least <see cref="Factor"/>, and the largest is at most
/// <see cref="Agreement"/> times the smallest. The questions are the fine ones and those about nothing in particular, so at least two; a
/// question whose median is 0 has no cell that stands out. A constant cell gets, in every map, the mean of those of its eight neighbors
/// that are none; cells whose neighbors all are constant come after these, with the neighbors as filled by then. Attention is not scaled
/// afterwards. The rule and its numbers are this library's; they were chosen and not measured on published weights.
/// </remarks>
public sealed record ConstantCellRemoval
{
    /// <summary>How many times the median cell's attention a cell has at least, for every question; above 1. Default 10.</summary>
    public double Factor { get; init; } = 10;

    /// <summary>How many times the smallest of a cell's factors the largest may be, at least 1. Default 2.</summary>
    public double Agreement { get; init; } = 2;

    /// <summary>One question's attention to each cell: the mean over all layers and heads.</summary>
    /// <param name="maps">Attention, <c>[layers, heads, cells]</c>.</param>
    /// <param name="cells">Cells of each map.</param>
    internal static float[] Mean(ReadOnlySpan<float> maps, int cells)
    {
        float[] mean = new float[cells];
        HeadMean.Of(maps, mean);
        return mean;
    }

    /// <summary>Finds the constant cells of an image.</summary>
    /// <param name="means">Of each question its attention to each cell, from <see cref="Mean"/>.</param>
    /// <returns>Whether each cell is constant; none is where fewer than two questions were asked.</returns>
    internal bool[] Find(IReadOnlyList<float[]> means)
    {
        int cells = means.Count == 0 ? 0 : means[0].Length;
        double[] smallest = new double[cells];
        double[] largest = new double[cells];
        Array.Fill(smallest, double.PositiveInfinity);
        foreach (float[] mean in means)
        {
            double median = Median(mean);
            for (int cell = 0; cell < cells; cell++)
            {
                double factor = median > 0 ? mean[cell] / median : 0;
                smallest[cell] = Math.Min(smallest[cell], factor);
                largest[cell] = Math.Max(largest[cell], factor);
            }
        }

        bool[] constant = new bool[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            constant[cell] = means.Count > 1 && smallest[cell] >= Factor && largest[cell] <= Agreement * smallest[cell];
        }

        return constant;
    }

    /// <summary>Gives constant cells what their neighbors have.</summary>
    /// <param name="maps">Any number of maps, <c>[maps, gridHeight, gridWidth]</c>; where all cells are constant they stay as they
    /// are.</param>
    /// <param name="grid">The cells.</param>
    /// <param name="constant">Whether each cell is constant.</param>
    internal static void Fill(Span<float> maps, MapGrid grid, ReadOnlySpan<bool> constant)
    {
        Numbers.ThrowIfLengthIsNot(grid.Cells, constant.Length, "[gridHeight, gridWidth]", nameof(constant));
        Numbers.ThrowIfLengthIsNot(maps.Length / grid.Cells * grid.Cells, maps.Length, "[maps, gridHeight, gridWidth]", nameof(maps));
        IReadOnlyList<(int Cell, int[] Neighbors)> order = Order(grid, constant);
        for (int first = 0; first < maps.Length; first += grid.Cells)
        {
            Span<float> map = maps.Slice(first, grid.Cells);
            foreach ((int cell, int[] neighbors) in order)
            {
                double sum = 0;
                foreach (int neighbor in neighbors)
                {
                    sum += map[neighbor];
                }

                map[cell] = (float)(sum / neighbors.Length);
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        if (!(Factor > 1 && double.IsFinite(Factor)))
        {
            throw new ArgumentOutOfRangeException(nameof(Factor), Factor, $"{nameof(Factor)} must be a finite number above 1.");
        }

        if (!(Agreement >= 1 && double.IsFinite(Agreement)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Agreement),
                Agreement,
                $"{nameof(Agreement)} must be a finite number of at least 1."
            );
        }
    }

    /// <summary>
    /// The constant cells from the rim of each patch inwards, each with the neighbors that are known when its turn comes.
    /// </summary>
    private static List<(int Cell, int[] Neighbors)> Order(MapGrid grid, ReadOnlySpan<bool> constant)
    {
        bool[] known = new bool[grid.Cells];
        for (int cell = 0; cell < known.Length; cell++)
        {
            known[cell] = !constant[cell];
        }

        List<(int Cell, int[] Neighbors)> order = [];
        for (int before = -1; before != order.Count; )
        {
            before = order.Count;
            for (int cell = 0; cell < known.Length; cell++)
            {
                if (!known[cell] && Neighbors(cell, grid).Where(neighbor => known[neighbor]).ToArray() is { Length: > 0 } neighbors)
                {
                    order.Add((cell, neighbors));
                }
            }

            // Of one rim no cell is filled with another.
            foreach ((int cell, _) in order.Skip(before))
            {
                known[cell] = true;
            }
        }

        return order;
    }

    private static IEnumerable<int> Neighbors(int cell, MapGrid grid)
    {
        (int row, int column) = (cell / grid.Width, cell % grid.Width);
        for (int otherRow = Math.Max(row - 1, 0); otherRow <= Math.Min(row + 1, grid.Height - 1); otherRow++)
        {
            for (int otherColumn = Math.Max(column - 1, 0); otherColumn <= Math.Min(column + 1, grid.Width - 1); otherColumn++)
            {
                if (otherRow != row || otherColumn != column)
                {
                    yield return (otherRow * grid.Width) + otherColumn;
                }
            }
        }
    }

    private static double Median(float[] values)
    {
        float[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + (double)sorted[sorted.Length / 2]) / 2;
    }
}
