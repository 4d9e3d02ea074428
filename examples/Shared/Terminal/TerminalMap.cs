using System.Text;

namespace MLNetGrounding.Examples;

/// <summary>A map in plain characters, for terminals without colors and for files: the denser a sign, the larger the value.</summary>
internal static class TerminalMap
{
    private const string Ramp = " .:-=+*#%@";

    /// <summary>Two characters a cell, which is about square; one line a row.</summary>
    public static string Of(ReadOnlySpan<float> map, MapGrid grid)
    {
        (float minimum, float maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in map)
        {
            (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
        }

        var text = new StringBuilder();
        for (int cell = 0; cell < map.Length; cell++)
        {
            float share = maximum > minimum ? (map[cell] - minimum) / (maximum - minimum) : 0;
            text.Append(Ramp[Math.Min((int)(share * Ramp.Length), Ramp.Length - 1)], 2);
            if (cell % grid.Width == grid.Width - 1 && cell < map.Length - 1)
            {
                text.Append('\n');
            }
        }

        return text.ToString();
    }
}
