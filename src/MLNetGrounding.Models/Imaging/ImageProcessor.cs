namespace MLNetGrounding.Models.Imaging;

/// <summary>Turns an image of any size into what the vision tower takes, as Hugging Face's CLIP processor does.</summary>
internal sealed class ImageProcessor
{
    private readonly int _size;
    private readonly MapGrid _grid;
    private readonly double _cell;
    private readonly PixelNormalizer _normalizer;

    private ImageProcessor(PreprocessorConfiguration configuration, MapGrid grid, double cell)
    {
        (_grid, _cell) = (grid, cell);
        _size = configuration.Size;
        _normalizer = new PixelNormalizer(configuration.RescaleFactor, configuration.Mean, configuration.StandardDeviation);
    }

    /// <param name="configuration">How pixels are normalized, and the side of the square input.</param>
    /// <param name="grid">The cells that the tower makes of the input.</param>
    /// <param name="cell">Side of a cell in input pixels.</param>
    public static ImageProcessor Create(PreprocessorConfiguration configuration, MapGrid grid, double cell) => new(configuration, grid, cell);

    /// <summary>Fits, resizes and normalizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="fit">How it is fitted into the square input.</param>
    /// <param name="geometry">Receives where its pixels went.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Normalized red, green and blue planes, <c>[3, size, size]</c>.</returns>
    public float[] Process(RgbImage image, ImageFit fit, out ImageGeometry geometry, CancellationToken cancellationToken = default)
    {
        geometry = ImageGeometry.Create(fit, image.Width, image.Height, _size, _size, _grid, _cell, _cell);
        return _normalizer.ToPlanes(Resize(image, fit, cancellationToken));
    }

    /// <summary>Fits and resizes an image; red, green and blue before normalization, <c>[size, size, 3]</c>.</summary>
    public byte[] Resize(RgbImage image, ImageFit fit, CancellationToken cancellationToken = default)
    {
        if (fit == ImageFit.Pad)
        {
            return Resampler.Resize(Canvas.Square(image, RgbColor.ClipMean), _size, _size, cancellationToken: cancellationToken);
        }
        if (fit is ImageFit.Stretch or ImageFit.Native)
        {
            return Resampler.Resize(Canvas.Of(image), _size, _size, cancellationToken: cancellationToken);
        }
        var (width, height) = ImageGeometry.CroppedSize(image.Width, image.Height, _size, _size);
        var window = new Window((width - _size) / 2, (height - _size) / 2, _size, _size);
        return Resampler.Resize(Canvas.Of(image), width, height, window, cancellationToken: cancellationToken);
    }
}
