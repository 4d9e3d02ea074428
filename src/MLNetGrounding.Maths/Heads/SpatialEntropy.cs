using System.Buffers;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// How much a map's excess over its mean is scattered over separate places
/// (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR 2025).
/// </summary>
/// <remarks>
/// B = ReLU(A - mean A); the components of B above the threshold have shares p of the components' mass; H = -sum p ln p. One component
/// gives exactly 0, k equal ones ln k but for rounding. A map without a component looks at no place and gives infinity: the released code
/// gives it the entropy of a perfect map, 0, and divides by the mass of all of B, so that its shares do not sum to 1.
/// </remarks>
internal static class SpatialEntropy
{
    /// <summary>The spatial entropy of one map, in nats.</summary>
    /// <param name="map">Attention of one head, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <returns>At least 0; <see cref="double.PositiveInfinity"/> for a map without a component, a constant one for example.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="map"/> is negative, NaN or infinite.</exception>
    public static double Of(ReadOnlySpan<float> map, int gridHeight, int gridWidth, LocalizationHeadOptions options)
    {
        var cells = checked(gridHeight * gridWidth);
        Numbers.ThrowIfLengthIsNot(cells, map.Length, "[gridHeight, gridWidth]", nameof(map));
        var mean = Sum(map) / cells;
        var waiting = ArrayPool<int>.Shared.Rent(cells);
        var seen = ArrayPool<bool>.Shared.Rent(cells);
        try
        {
            seen.AsSpan(0, cells).Clear();
            // H = ln M - (sum m ln m) / M for masses m that sum to M.
            var (mass, weighted, components) = (0.0, 0.0, 0);
            for (var start = 0; start < cells; start++)
            {
                if (!seen[start] && map[start] - mean > options.ComponentThreshold)
                {
                    var component = MassOfComponent(map, gridHeight, gridWidth, mean, options, start, waiting, seen);
                    mass += component;
                    weighted += component * Math.Log(component);
                    components++;
                }
            }
            // Of one mass alone the difference would be its logarithm's rounding.
            return components switch
            {
                0 => double.PositiveInfinity,
                1 => 0,
                _ => Math.Max(0, Math.Log(mass) - weighted / mass),
            };
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
        var sum = 0.0;
        for (var cell = 0; cell < map.Length; cell++)
        {
            var value = map[cell];
            if (!(value >= 0) || float.IsPositiveInfinity(value))
            {
                throw new ArgumentException($"The map holds {value} at cell {cell}; attention is a finite number of at least 0.", nameof(map));
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
        double mean,
        LocalizationHeadOptions options,
        int start,
        Span<int> waiting,
        Span<bool> seen)
    {
        var (mass, count) = (0.0, 0);
        waiting[count++] = start;
        seen[start] = true;
        while (count > 0)
        {
            var cell = waiting[--count];
            mass += map[cell] - mean;
            var (row, column) = (cell / gridWidth, cell % gridWidth);
            for (var nextRow = Math.Max(row - 1, 0); nextRow <= Math.Min(row + 1, gridHeight - 1); nextRow++)
            {
                for (var nextColumn = Math.Max(column - 1, 0); nextColumn <= Math.Min(column + 1, gridWidth - 1); nextColumn++)
                {
                    var next = nextRow * gridWidth + nextColumn;
                    var joins = options.Connectivity == Connectivity.Eight || nextRow == row || nextColumn == column;
                    if (joins && !seen[next] && map[next] - mean > options.ComponentThreshold)
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
