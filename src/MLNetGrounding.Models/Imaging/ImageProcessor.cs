namespace MLNetGrounding.Models.Imaging;

/// <summary>Turns an image of any size into what the vision tower takes, as Hugging Face's CLIP processor does.</summary>
internal sealed class ImageProcessor
{
    private readonly int _size;
    private readonly PixelNormalizer _normalizer;

    private ImageProcessor(PreprocessorConfiguration configuration)
    {
        _size = configuration.Size;
        _normalizer = new PixelNormalizer(configuration.RescaleFactor, configuration.Mean, configuration.StandardDeviation);
    }

    public static ImageProcessor Create(PreprocessorConfiguration configuration) => new(configuration);

    /// <summary>Fits, resizes and normalizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="fit">How it is fitted into the square input.</param>
    /// <param name="geometry">Receives where its pixels went.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Normalized red, green and blue planes, <c>[3, size, size]</c>.</returns>
    public float[] Process(RgbImage image, ImageFit fit, out ImageGeometry geometry, CancellationToken cancellationToken = default)
    {
        geometry = ImageGeometry.Create(fit, image.Width, image.Height, _size);
        return _normalizer.ToPlanes(Resize(image, fit, cancellationToken));
    }

    /// <summary>Fits and resizes an image; red, green and blue before normalization, <c>[size, size, 3]</c>.</summary>
    public byte[] Resize(RgbImage image, ImageFit fit, CancellationToken cancellationToken = default)
    {
        if (fit == ImageFit.Pad)
        {
            return Resampler.Resize(Canvas.Square(image, RgbColor.ClipMean), _size, _size, cancellationToken: cancellationToken);
        }
        var (width, height) = ImageGeometry.ResizedToShortEdge(image.Width, image.Height, _size);
        var window = new Window((width - _size) / 2, (height - _size) / 2, _size, _size);
        return Resampler.Resize(Canvas.Of(image), width, height, window, cancellationToken: cancellationToken);
    }
}
