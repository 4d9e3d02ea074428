using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Report;

/// <summary>Maps as bytes: scaled between their minimum and maximum to 0..255.</summary>
internal static class MapBytes
{
    /// <summary>The least byte of a cell that belongs to the region of a threshold.</summary>
    public static byte RegionByte(double threshold) => (byte)Math.Ceiling(255 * threshold);

    /// <summary>
    /// Scales and rounds a map so that a byte is at least <see cref="RegionByte"/> exactly where the map, scaled to 0..1, is at least the
    /// threshold: a value that rounding would carry over the border stays on its side, less than one step off. A constant map is all zero,
    /// and so is one that could not be computed.
    /// </summary>
    public static void Write(ReadOnlySpan<float> map, double threshold, Span<byte> bytes)
    {
        if (!RowValues.AreFinite(map))
        {
            bytes.Clear();
            return;
        }

        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        if (minimum == maximum)
        {
            bytes.Clear();
            return;
        }

        byte border = RegionByte(threshold);
        for (int cell = 0; cell < map.Length; cell++)
        {
            // As Region.Threshold has it.
            double value = (map[cell] - minimum) / (maximum - minimum);
            int rounded = (int)Math.Round(255 * value);
            bytes[cell] = (byte)(value >= threshold ? Math.Max(rounded, border) : Math.Min(rounded, border - 1));
        }
    }

    /// <summary>As bytes, one block of <paramref name="cells"/> after the other.</summary>
    public static byte[] Of(ReadOnlySpan<float> maps, int cells, double threshold = 0)
    {
        byte[] bytes = new byte[maps.Length];
        for (int start = 0; start < maps.Length; start += cells)
        {
            Write(maps.Slice(start, cells), threshold, bytes.AsSpan(start, cells));
        }

        return bytes;
    }
}
