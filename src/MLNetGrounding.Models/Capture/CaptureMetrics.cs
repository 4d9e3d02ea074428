using System.Diagnostics.Metrics;

namespace MLNetGrounding.Models.Capture;

/// <summary>What captures report to <see cref="VisionLanguageModel.MeterName"/>; without a listener it costs nothing.</summary>
internal static class CaptureMetrics
{
    private static readonly Meter Meter = new(VisionLanguageModel.MeterName);

    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("capture.duration", "s", "Time that one picture spent in a model.");
}
