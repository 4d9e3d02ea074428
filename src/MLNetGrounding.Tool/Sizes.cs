using System.Globalization;

namespace MLNetGrounding.Tool;

/// <summary>Bytes in the unit that suits them, of 1,000 each.</summary>
internal static class Sizes
{
    public static string Text(long bytes)
    {
        const int step = 1000;
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        double value = bytes;
        int unit = 0;
        while (value >= step && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }

        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
