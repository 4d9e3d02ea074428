using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>The cells of a map from its largest value to its smallest; cells of one value in raster order.</summary>
internal sealed class CellOrder
{
    private readonly ulong[] _keys;
    private readonly int[] _cells;

    public CellOrder(int cells)
    {
        _keys = new ulong[cells];
        _cells = new int[cells];
    }

    /// <summary>Sorts a map's cells, <c>[cells]</c>. The result is valid until the next call.</summary>
    /// <returns>The cells; none for a constant map, which prefers no place to another.</returns>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public ReadOnlySpan<int> Of(ReadOnlySpan<float> map)
    {
        Numbers.ThrowIfLengthIsNot(_cells.Length, map.Length, "[cells]", nameof(map));
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        if (minimum == maximum)
        {
            return [];
        }
        for (int cell = 0; cell < map.Length; cell++)
        {
            _keys[cell] = (ulong)Descending(map[cell]) << 32 | (uint)cell;
        }
        Array.Sort(_keys);
        for (int rank = 0; rank < _keys.Length; rank++)
        {
            _cells[rank] = (int)(uint)_keys[rank];
        }
        return _cells;
    }

    /// <summary>Whole numbers that are in the opposite order of the floats.</summary>
    private static uint Descending(float value)
    {
        // Minus zero is zero.
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        uint ascending = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return ~ascending;
    }
}
