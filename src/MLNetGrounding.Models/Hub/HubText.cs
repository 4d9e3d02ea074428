using System.Globalization;

namespace MLNetGrounding.Models.Hub;

/// <summary>Numbers for messages.</summary>
internal static class HubText
{
    /// <summary>Bytes in the unit that suits them, of 1,000 each, as the hub's pages show them.</summary>
    public static string Bytes(long bytes)
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

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(unit == 0 ? $"{bytes}" : value.ToString("0.0", CultureInfo.InvariantCulture))} {units[unit]}"
        );
    }
}
