using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Attention;

/// <summary>Runs the image of each row through the model, at most once and only for what the getters made so far need.</summary>
/// <typeparam name="TCaptured">What is kept of a row's attention.</typeparam>
internal abstract class CaptureMapper<TCaptured> : RowMapper
    where TCaptured : class
{
    private readonly CaptureHost _host;
    private readonly FailedRows _failed;
    private readonly IRowInputs<RowImage> _images;
    private readonly OncePerRow _imageStep;
    private readonly OncePerRow _geometryStep;
    private readonly float[] _geometry = new float[ImageGeometry.Length];

    // Getters copy what they hand out, so that the next row can have the arrays.
    private readonly CaptureMemory _memory = new();
    private RowImage? _image;
    private PreparedPrompt? _prompt;

    protected CaptureMapper(CaptureHost host, DataViewRow row, IRowInputs<RowImage> images)
        : base(row)
    {
        _host = host;
        _failed = host.CountFailures(row);
        _images = images;
        _imageStep = Once(ReadImage);
        _geometryStep = Once(ComputeGeometry);
        CaptureStep = Once(Capture);
    }

    /// <summary>Fills <see cref="Captured"/>.</summary>
    protected OncePerRow CaptureStep { get; }

    /// <summary>What was captured of the present row; <see langword="null"/> where it could not be computed, which the log says.</summary>
    protected TCaptured? Captured { get; private set; }

    /// <summary>Says what is asked of each row from now on. The present row is asked again.</summary>
    protected void Ask(PreparedPrompt prompt)
    {
        _prompt = prompt;
        CaptureStep.Invalidate();
    }

    /// <summary>What to keep of a row's attention; <see langword="null"/> where it is not finite.</summary>
    protected abstract TCaptured? Take(AttentionCapture capture);

    protected ValueGetter<VBuffer<float>> GeometryGetter() => VectorGetter(_geometryStep, () => _geometry);

    /// <summary>Counts the present row as one that could not be computed.</summary>
    protected void Fail(string reason) => _failed.Add(reason);

    protected override void DisposeCore() => _failed.Dispose();

    private void ReadImage()
    {
        _image = _images.Read();
        if (_image is null)
        {
            _failed.Add("there is no image.");
        }
    }

    private void ComputeGeometry()
    {
        _imageStep.Run();
        if (_image is null)
        {
            _geometry.AsSpan().Fill(float.NaN);
        }
        else
        {
            _host.GeometryOf(_image).CopyTo(_geometry);
        }
    }

    private void Capture()
    {
        _host.ThrowIfCanceled();
        _imageStep.Run();
        Captured = null;
        _image?.Prepare();
        _images.ReadOn();
        if (_image is null)
        {
            return;
        }

        AttentionCapture capture = _host.Capture(_image, _prompt!, _memory);
        Captured = Take(capture);
        if (Captured is null)
        {
            string where = capture.FirstNonFiniteLayer is { } layer ? $" from layer {layer} on" : "";
            _failed.Add($"the model's attention is not finite{where}; try a wider precision, and check the weights against their source.");
        }
    }
}
