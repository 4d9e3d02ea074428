using System.Buffers;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Active cells of heads and their largest components (paper, section 3.1.2), in memory that the heads of a layer share.</summary>
/// <remarks>Rows of up to 64 cells are words of bits; wider ones are cells one by one.</remarks>
internal readonly ref struct HeadComponents : IDisposable
{
    private readonly HeadSelectionOptions _options;
    private readonly int _height;
    private readonly int _width;
    private readonly ulong[]? _words;
    private readonly int[]? _scratch;
    private readonly bool[]? _cells;

    public HeadComponents(int height, int width, HeadSelectionOptions options)
    {
        _options = options;
        (_height, _width) = (height, width);
        if (width <= CellBits.PerWord)
        {
            _words = ArrayPool<ulong>.Shared.Rent(CellBits.WordsFor(height * width) + 2 * height);
            _scratch = ArrayPool<int>.Shared.Rent(BitComponents.ScratchFor(height, width));
        }
        else
        {
            _cells = ArrayPool<bool>.Shared.Rent(2 * height * width);
        }
    }

    /// <summary>Cells of the largest component over active cells; 0 for a constant map or where no cell is active.</summary>
    public double Compactness(ReadOnlySpan<float> map, in MapStatistics statistics) =>
        statistics.IsConstant ? 0
        : _words is null ? CompactnessOfCells(map, statistics, [])
        : CompactnessOfBits(map, statistics, []);

    /// <summary>Copies a map's values in its largest component, zeros elsewhere. The map is not constant.</summary>
    public void KeepLargest(ReadOnlySpan<float> map, Span<float> largest)
    {
        var statistics = MapStatistics.Of(map, head: 0);
        if (_words is not null)
        {
            Span<ulong> rows = _words.AsSpan(_height, _height);
            CompactnessOfBits(map, statistics, rows);
            for (int cell = 0; cell < map.Length; cell++)
            {
                (int row, int column) = Math.DivRem(cell, _width);
                largest[cell] = (rows[row] >> column & 1) != 0 ? map[cell] : 0;
            }
            return;
        }
        Span<bool> component = _cells.AsSpan(map.Length, map.Length);
        CompactnessOfCells(map, statistics, component);
        for (int cell = 0; cell < map.Length; cell++)
        {
            largest[cell] = component[cell] ? map[cell] : 0;
        }
    }

    public void Dispose()
    {
        if (_words is not null)
        {
            ArrayPool<ulong>.Shared.Return(_words);
            ArrayPool<int>.Shared.Return(_scratch!);
        }
        if (_cells is not null)
        {
            ArrayPool<bool>.Shared.Return(_cells);
        }
    }

    private double CompactnessOfBits(ReadOnlySpan<float> map, in MapStatistics statistics, Span<ulong> largest)
    {
        Span<ulong> words = _words.AsSpan(2 * _height, CellBits.WordsFor(map.Length));
        int count = CellBits.Mark(map, SmallestActive(map, statistics), words);
        Span<ulong> rows = _words.AsSpan(0, _height);
        CellBits.Rows(words, _width, rows);
        int size = BitComponents.Largest(rows, _options.Connectivity, _scratch, largest);
        return count == 0 ? 0 : (double)size / count;
    }

    private double CompactnessOfCells(ReadOnlySpan<float> map, in MapStatistics statistics, Span<bool> largest)
    {
        Span<bool> active = _cells.AsSpan(0, map.Length);
        float smallest = SmallestActive(map, statistics);
        int count = 0;
        for (int cell = 0; cell < map.Length; cell++)
        {
            active[cell] = map[cell] >= smallest;
            count += active[cell] ? 1 : 0;
        }
        int size = ConnectedComponents.Largest(active, _height, _width, _options.Connectivity, largest);
        return count == 0 ? 0 : (double)size / count;
    }

    private float SmallestActive(ReadOnlySpan<float> map, in MapStatistics statistics) =>
        _options.ActiveScaling switch
        {
            ActiveScaling.MinMax => ScaledThreshold.Smallest(
                statistics.Minimum,
                (double)statistics.Maximum - statistics.Minimum,
                _options.ActiveThreshold
            ),
            ActiveScaling.Maximum => ScaledThreshold.Smallest(0, statistics.Maximum, _options.ActiveThreshold),
            ActiveScaling.Sum => ScaledThreshold.Smallest(0, Numbers.Sum(map), _options.ActiveThreshold),
            _ => ScaledThreshold.Smallest(0, 1, _options.ActiveThreshold),
        };
}
