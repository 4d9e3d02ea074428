using System.Diagnostics.Metrics;

namespace MLNetGrounding.Testing;

/// <summary>Counts how many pictures run through models of this process.</summary>
internal sealed class CaptureCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _count;

    public CaptureCount()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == VisionLanguageModel.MeterName && instrument.Name == "capture.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
        _listener.Start();
    }

    /// <summary>The pictures since the last call.</summary>
    public int Take() => Interlocked.Exchange(ref _count, 0);

    public void Dispose() => _listener.Dispose();
}
