using System.Buffers;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// How much a map's excess over its mean is scattered over separate places
/// (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR 2025).
/// </summary>
/// <remarks>
/// B = ReLU(A - factor * mean A); the components of B above the threshold have shares p of the mass; H = -sum p ln p. With shares of the
/// components' mass, one component gives exactly 0 and k equal ones ln k but for rounding; with shares of all of B, as in the released
/// code, what lies in no component adds to H. That code also gives a map without a component the entropy of a perfect map, 0; what it
/// counts as here is the caller's choice.
/// </remarks>
internal static class SpatialEntropy
{
    /// <summary>The places of one map and their entropy.</summary>
    /// <param name="map">Attention of one head, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <exception cref="ArgumentException">A value of <paramref name="map"/> is negative, NaN or infinite.</exception>
    public static AttendedPlaces Of(ReadOnlySpan<float> map, int gridHeight, int gridWidth, LocalizationHeadOptions options)
    {
        int cells = checked(gridHeight * gridWidth);
        Numbers.ThrowIfLengthIsNot(cells, map.Length, "[gridHeight, gridWidth]", nameof(map));
        double level = options.MeanFactor * (Sum(map) / cells);
        double threshold = options.ComponentThreshold * options.ThresholdScale(cells);
        int[] waiting = ArrayPool<int>.Shared.Rent(cells);
        bool[] seen = ArrayPool<bool>.Shared.Rent(cells);
        try
        {
            seen.AsSpan(0, cells).Clear();
            // H = (sum m) / M ln M - (sum m ln m) / M for components' masses m and the mass M that they are shares of.
            (double mass, double weighted, int components, double rest) = (0.0, 0.0, 0, 0.0);
            for (int start = 0; start < cells; start++)
            {
                if (!(map[start] - level > threshold))
                {
                    rest += Math.Max(0, map[start] - level);
                }
                else if (!seen[start])
                {
                    double component = MassOfComponent(
                        map,
                        gridHeight,
                        gridWidth,
                        level,
                        threshold,
                        options.Connectivity,
                        start,
                        waiting,
                        seen
                    );
                    mass += component;
                    weighted += component * Math.Log(component);
                    components++;
                }
            }
            // Not summed anew in another order: where nothing lies outside the components, all is their mass to the bit.
            double all = mass + rest;
            double whole = options.SharesOfAll ? all : mass;
            // Of one mass alone, all there is, the difference would be its logarithm's rounding.
            double entropy =
                components == 0 || (components == 1 && whole == mass) ? 0 : Math.Max(0, (mass * Math.Log(whole) - weighted) / whole);
            return new AttendedPlaces(entropy, components, all);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(waiting);
            ArrayPool<bool>.Shared.Return(seen);
        }
    }

    /// <exception cref="ArgumentException">A value is negative, NaN or infinite.</exception>
    internal static double Sum(ReadOnlySpan<float> map)
    {
        double sum = 0.0;
        for (int cell = 0; cell < map.Length; cell++)
        {
            float value = map[cell];
            if (!(value >= 0) || float.IsPositiveInfinity(value))
            {
                throw new ArgumentException(
                    $"The map holds {value} at cell {cell}; attention is a finite number of at least 0.",
                    nameof(map)
                );
            }
            sum += value;
        }
        return sum;
    }

    /// <summary>Sum of B over the component that holds <paramref name="start"/>; marks its cells as seen.</summary>
    private static double MassOfComponent(
        ReadOnlySpan<float> map,
        int gridHeight,
        int gridWidth,
        double level,
        double threshold,
        Connectivity connectivity,
        int start,
        Span<int> waiting,
        Span<bool> seen
    )
    {
        (double mass, int count) = (0.0, 0);
        waiting[count++] = start;
        seen[start] = true;
        while (count > 0)
        {
            int cell = waiting[--count];
            mass += map[cell] - level;
            (int row, int column) = (cell / gridWidth, cell % gridWidth);
            for (int nextRow = Math.Max(row - 1, 0); nextRow <= Math.Min(row + 1, gridHeight - 1); nextRow++)
            {
                for (int nextColumn = Math.Max(column - 1, 0); nextColumn <= Math.Min(column + 1, gridWidth - 1); nextColumn++)
                {
                    int next = nextRow * gridWidth + nextColumn;
                    bool joins = connectivity == Connectivity.Eight || nextRow == row || nextColumn == column;
                    if (joins && !seen[next] && map[next] - level > threshold)
                    {
                        seen[next] = true;
                        waiting[count++] = next;
                    }
                }
            }
        }
        return mass;
    }
}
