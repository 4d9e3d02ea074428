using System.Diagnostics;
using System.Diagnostics.Metrics;
using MLNetGrounding;

namespace GroundBirds;

/// <summary>Measures where the time goes from the first image to the last picture.</summary>
internal sealed class RunClock : IDisposable
{
    private readonly Stopwatch _watch = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private double _model;

    public RunClock()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == VisionLanguageModel.MeterName && instrument.Name == "capture.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(
            (_, seconds, _, _) =>
            {
                lock (_lock)
                {
                    _model += seconds;
                }
            }
        );
        _listener.Start();
    }

    /// <summary>Seconds from <see cref="Start"/> to <see cref="Stop"/>.</summary>
    public double Total => _watch.Elapsed.TotalSeconds;

    /// <summary>Seconds that images spent in the model.</summary>
    public double Model
    {
        get
        {
            lock (_lock)
            {
                return _model;
            }
        }
    }

    /// <summary>Seconds of waiting for rows of the pipeline: the model, and all that it had to wait for.</summary>
    public double Pipeline { get; private set; }

    /// <summary>Seconds of waiting for pictures after the last row.</summary>
    public double Pictures { get; private set; }

    public void Start() => _watch.Start();

    public void Stop() => _watch.Stop();

    /// <summary>Measures one step of the pipeline to its next row.</summary>
    public T InPipeline<T>(Func<T> step)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            return step();
        }
        finally
        {
            Pipeline += Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    /// <summary>Measures the drawing that is left after the last row.</summary>
    public void InPictures(Action step)
    {
        long start = Stopwatch.GetTimestamp();
        step();
        Pictures += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _listener.Dispose();
}
