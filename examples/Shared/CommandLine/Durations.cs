using System.Globalization;

namespace MLNetGrounding.Examples;

/// <summary>How long something took or takes.</summary>
internal static class Durations
{
    /// <summary>Hours, minutes and seconds; the hours go on beyond a day.</summary>
    public static string Text(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalHours):00}:{duration:mm\\:ss}");
}
