using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Table1;

/// <summary>Tells now and then how much of an image is measured, where one takes long.</summary>
internal sealed class PassProgress(IAnsiConsole console) : IProgress<double>
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(30);

    private long _last = Stopwatch.GetTimestamp();
    private double _share;

    public void Report(double value)
    {
        if (value < _share)
        {
            // The next image.
            _last = Stopwatch.GetTimestamp();
        }

        _share = value;
        if (Stopwatch.GetElapsedTime(_last) >= BetweenLines && value < 1)
        {
            _last = Stopwatch.GetTimestamp();
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100 * value:0} % of the image's curves"));
        }
    }
}
