using System.Diagnostics.Metrics;

namespace MLNetGrounding.Models.Capture;

/// <summary>What captures report; without a listener it costs nothing.</summary>
internal static class CaptureMetrics
{
    public const string MeterName = "MLNetGrounding.Models";

    private static readonly Meter Meter = new(MeterName);

    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "capture.duration",
        "s",
        "Time that one image spent in a model."
    );
}
