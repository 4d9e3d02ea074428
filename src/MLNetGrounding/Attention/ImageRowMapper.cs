using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;

namespace MLNetGrounding.Attention;

/// <summary>Reads the image of each row at most once, and where it lies in the model's input.</summary>
internal abstract class ImageRowMapper : RowMapper
{
    private readonly FailedRows _failed;
    private readonly IRowInputs<RowImage> _images;
    private readonly OncePerRow _imageStep;
    private readonly OncePerRow _geometryStep;
    private readonly float[] _geometry = new float[ImageGeometry.Length];

    // A row of a prediction engine has no id, and is no row of a view that is read again.
    private readonly ValueGetter<DataViewRowId>? _getId;
    private long? _lastRun;

    protected ImageRowMapper(CaptureHost host, DataViewRow row, IRowInputs<RowImage> images)
        : base(row)
    {
        Host = host;
        _failed = host.CountFailures(row);
        _images = images;
        _imageStep = Once(ReadImage);
        _geometryStep = Once(ComputeGeometry);
        _getId = (row as DataViewRowCursor)?.GetIdGetter();
    }

    protected CaptureHost Host { get; }

    /// <summary>
    /// The present row's image; <see langword="null"/> where there is none, or the model cannot take it, which the log says.
    /// </summary>
    protected RowImage? Image { get; private set; }

    protected ValueGetter<VBuffer<float>> GeometryGetter() => VectorGetter(_geometryStep, () => _geometry);

    /// <summary>Counts the present row as one that could not be computed.</summary>
    protected void Fail(string reason) => _failed.Add(reason);

    /// <summary>Makes the present row's image ready for the model, and lets the next ones be read.</summary>
    protected void PrepareImage()
    {
        CheckImage();
        _images.ReadOn();
    }

    /// <summary>Says that the present row's image was run through the model. More may be asked of the same row: that is one run.</summary>
    protected void Ran()
    {
        if (_getId is null || _lastRun == Row.Position)
        {
            return;
        }

        _lastRun = Row.Position;
        DataViewRowId id = default;
        _getId(ref id);
        Host.Ran(id, Image!);
    }

    protected override void DisposeCore() => _failed.Dispose();

    /// <summary>Makes the present row's image ready, and leaves it out where the model cannot take it.</summary>
    private void CheckImage()
    {
        Host.ThrowIfCanceled();
        _imageStep.Run();
        Image?.Prepare();
        if (Image?.Refusal is { } refusal)
        {
            _failed.Add(refusal);
            Image = null;
        }
    }

    private void ReadImage()
    {
        Image = _images.Read();
        if (Image is null)
        {
            _failed.Add("there is no image.");
        }
        else if (Math.Max(Image.Width, Image.Height) > ImageGeometry.LargestSize)
        {
            _failed.Add(
                $"the image has {Image.Width} x {Image.Height} pixels; sides of at most {ImageGeometry.LargestSize} were expected. Cut the image."
            );
            Image = null;
        }
    }

    private void ComputeGeometry()
    {
        // An image that the model cannot take lies nowhere. The model need not run, so that there is no time to read on in.
        CheckImage();
        if (Image is null)
        {
            _geometry.AsSpan().Fill(float.NaN);
        }
        else
        {
            Host.GeometryOf(Image).CopyTo(_geometry);
        }
    }
}
