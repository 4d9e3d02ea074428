using System.Diagnostics.Metrics;

namespace MLNetGrounding.Benchmarks;

/// <summary>Adds up the seconds that pictures spend in models of this process.</summary>
internal sealed class ModelTime : IDisposable
{
    private readonly MeterListener _listener = new();

    public ModelTime()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == VisionLanguageModel.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Seconds += seconds);
        _listener.Start();
    }

    public double Seconds { get; private set; }

    public void Dispose() => _listener.Dispose();
}
