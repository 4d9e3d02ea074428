using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Data.Images;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Attention;

/// <summary>The image of one row, on its way from the source's pixels to the model's.</summary>
internal sealed class RowImage(MLImage image, Func<RgbImage, PreparedImage> preprocess) : IRowInput
{
    // Belongs to the source, and may be gone when the source moves on.
    private MLImage? _source = image;
    private PreparedImage? _preprocessed;

    public int Width { get; } = image.Width;

    public int Height { get; } = image.Height;

    /// <summary>Why the model cannot take the image, after <see cref="Prepare"/>; <see langword="null"/> where it can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The image as the model takes it, after <see cref="Prepare"/>.</summary>
    public PreparedImage Preprocessed => _preprocessed ?? throw new InvalidOperationException("The image was not prepared.");

    /// <summary>What tells the image's pixels from others, after <see cref="Prepare"/>.</summary>
    public UInt128 Identity { get; private set; }

    /// <summary>
    /// Makes what reads the image of each row that <paramref name="row"/> moves over, <see langword="null"/> where there is none.
    /// </summary>
    public static Func<RowImage?> Open(DataViewRow row, DataViewSchema.Column column, Func<RgbImage, PreparedImage> preprocess)
    {
        ValueGetter<MLImage> getImage = row.GetGetter<MLImage>(column);

        // Handed back to the source with every call, which disposes or keeps it; images may belong to the caller, so nothing is disposed
        // here.
        MLImage? image = null;
        return () =>
        {
            getImage(ref image!);
            return image is null ? null : new RowImage(image, preprocess);
        };
    }

    public void Prepare()
    {
        if (_source is not null)
        {
            RgbImage pixels = ImagePixels.ToRgb(_source);
            Identity = RepeatedRows.Identify(pixels);
            try
            {
                _preprocessed = preprocess(pixels);
            }
            catch (ArgumentException exception)
            {
                // The image's own shape: what is wrong for every image was refused before the first row.
                Refusal = exception.Message;
            }

            _source = null;
        }
    }
}
