using System.Buffers;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Sharpens a map as "Can Large Vision Language Models Ground Fine-Grained Attribute?" sketches in section 5: the map is taken as a
/// distribution over the grid, its disconnected modes of low variance are damped and its connected ones amplified, and a temperature
/// softmax is applied.
/// </summary>
/// <remarks>
/// The paper names no formula. Chosen here: modes are the connected components of the active cells; a mode's variance is the mean squared
/// distance of its mass from its center, each cell spread over its own square (1/6), so that a single cell has a variance too; cells
/// outside all modes count as modes of one cell. A mode is multiplied by (its variance / the largest)^<see cref="Damping"/>, then the map
/// is made to sum to what it did: what small modes lose, connected regions gain. The softmax is that of ln p / T, so p^(1/T), scaled to sum
/// to 1.
/// </remarks>
public sealed record AttentionSharpening
{
    /// <summary>Temperature T of the softmax, above 0; below 1 sharpens, 1 leaves as it is. Default 0.5.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Power of the damping of modes of low variance, at least 0; 0 damps none. Default 1.</summary>
    public double Damping { get; init; } = 1;

    /// <summary>
    /// A cell belongs to a mode if its value, scaled to 0..1 between the map's minimum and maximum, is at least this. Default 0.05.
    /// </summary>
    public double ActiveThreshold { get; init; } = 0.05;

    /// <summary>Which neighbors join a mode. Default <see cref="Connectivity.Four"/>.</summary>
    public Connectivity Connectivity { get; init; } = Connectivity.Four;

    // The variance of a unit square's mass around its center: 1/12 across and 1/12 down.
    private const double CellVariance = 1.0 / 6;

    /// <summary>Sharpens a map in place; a constant map stays as it is but for its sum, which becomes 1.</summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>, finite and not negative.</param>
    /// <param name="gridHeight">Rows.</param>
    /// <param name="gridWidth">Columns.</param>
    internal void Apply(Span<float> map, int gridHeight, int gridWidth)
    {
        Numbers.ThrowIfLengthIsNot(checked(gridHeight * gridWidth), map.Length, "[gridHeight, gridWidth]", nameof(map));
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        if (minimum < 0)
        {
            throw new ArgumentException($"{nameof(map)} holds {minimum}; attention is at least 0.", nameof(map));
        }
        if (maximum == 0)
        {
            return;
        }
        if (Damping > 0 && maximum > minimum)
        {
            Damp(map, gridHeight, gridWidth, minimum, maximum);
        }
        Heat(map);
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        if (!(Temperature > 0 && double.IsFinite(Temperature)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Temperature),
                Temperature,
                $"{nameof(Temperature)} must be a finite number above 0."
            );
        }
        if (!(Damping >= 0 && double.IsFinite(Damping)))
        {
            throw new ArgumentOutOfRangeException(nameof(Damping), Damping, $"{nameof(Damping)} must be a finite number of at least 0.");
        }
        OptionChecks.Share(ActiveThreshold, nameof(ActiveThreshold));
        OptionChecks.Defined(Connectivity, nameof(Connectivity));
    }

    private void Damp(Span<float> map, int height, int width, double minimum, double maximum)
    {
        int[] modes = ArrayPool<int>.Shared.Rent(map.Length);
        try
        {
            List<double> variances = FindModes(map, height, width, minimum, maximum, modes);
            double largest = variances.Max();
            double before = Numbers.Sum(map);
            for (int cell = 0; cell < map.Length; cell++)
            {
                double variance = modes[cell] < 0 ? CellVariance : variances[modes[cell]];
                map[cell] *= (float)Math.Pow(variance / largest, Damping);
            }
            double gain = before / Numbers.Sum(map);
            foreach (ref float value in map)
            {
                value = (float)(value * gain);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(modes);
        }
    }

    /// <summary>Numbers the modes, -1 for cells of none, and returns their variances.</summary>
    private List<double> FindModes(ReadOnlySpan<float> map, int height, int width, double minimum, double maximum, Span<int> modes)
    {
        List<double> variances = [];
        List<int> cells = [];
        modes.Fill(-1);
        for (int start = 0; start < map.Length; start++)
        {
            if (modes[start] >= 0 || !IsActive(map[start]))
            {
                continue;
            }
            cells.Clear();
            cells.Add(start);
            modes[start] = variances.Count;
            for (int next = 0; next < cells.Count; next++)
            {
                (int row, int column) = (cells[next] / width, cells[next] % width);
                for (int otherRow = Math.Max(row - 1, 0); otherRow <= Math.Min(row + 1, height - 1); otherRow++)
                {
                    for (int otherColumn = Math.Max(column - 1, 0); otherColumn <= Math.Min(column + 1, width - 1); otherColumn++)
                    {
                        int other = otherRow * width + otherColumn;
                        bool joins = Connectivity == Connectivity.Eight || otherRow == row || otherColumn == column;
                        if (joins && modes[other] < 0 && IsActive(map[other]))
                        {
                            modes[other] = variances.Count;
                            cells.Add(other);
                        }
                    }
                }
            }
            variances.Add(Variance(map, width, cells));
        }
        return variances;

        bool IsActive(float value) => (value - minimum) / (maximum - minimum) >= ActiveThreshold;
    }

    private static double Variance(ReadOnlySpan<float> map, int width, List<int> cells)
    {
        (double mass, double meanRow, double meanColumn) = (0.0, 0.0, 0.0);
        foreach (int cell in cells)
        {
            mass += map[cell];
            meanRow += map[cell] * (double)(cell / width);
            meanColumn += map[cell] * (double)(cell % width);
        }
        if (mass == 0)
        {
            return CellVariance;
        }
        (meanRow, meanColumn) = (meanRow / mass, meanColumn / mass);
        double spread = 0.0;
        foreach (int cell in cells)
        {
            (double down, double across) = (cell / width - meanRow, cell % width - meanColumn);
            spread += map[cell] * (down * down + across * across);
        }
        return spread / mass + CellVariance;
    }

    /// <summary>p^(1/T) scaled to sum to 1; relative to the maximum, so that nothing overflows.</summary>
    private void Heat(Span<float> map)
    {
        float maximum = 0f;
        foreach (float value in map)
        {
            maximum = Math.Max(maximum, value);
        }
        double sum = 0.0;
        foreach (float value in map)
        {
            sum += Math.Pow((double)value / maximum, 1 / Temperature);
        }
        foreach (ref float value in map)
        {
            value = (float)(Math.Pow((double)value / maximum, 1 / Temperature) / sum);
        }
    }
}
