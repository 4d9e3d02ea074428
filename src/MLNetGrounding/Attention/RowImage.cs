using Microsoft.ML.Data;
using MLNetGrounding.Llava;

namespace MLNetGrounding;

/// <summary>The image of one row, on its way from the source's pixels to the model's.</summary>
internal sealed class RowImage(MLImage image, Func<RgbImage, PreprocessedImage> preprocess) : IRowInput
{
    // Belongs to the source, and may be gone when the source moves on.
    private MLImage? _source = image;
    private PreprocessedImage? _preprocessed;

    public int Width { get; } = image.Width;

    public int Height { get; } = image.Height;

    /// <summary>The image as the model takes it, after <see cref="Prepare"/>.</summary>
    public PreprocessedImage Preprocessed => _preprocessed ?? throw new InvalidOperationException("The image was not prepared.");

    public void Prepare()
    {
        if (_source is not null)
        {
            _preprocessed = preprocess(ImagePixels.ToRgb(_source));
            _source = null;
        }
    }
}
