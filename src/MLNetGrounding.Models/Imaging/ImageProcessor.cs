namespace MLNetGrounding.Models.Imaging;

/// <summary>Turns a picture of any size into what the vision tower takes, as Hugging Face's CLIP processor does.</summary>
internal sealed class ImageProcessor
{
    private readonly int _size;
    private readonly MapGrid _grid;
    private readonly double _cell;

    // Normalized value of every gray level, [3, 256].
    private readonly float[] _levels;

    private ImageProcessor(PreprocessorConfiguration configuration, MapGrid grid, double cell)
    {
        (_grid, _cell) = (grid, cell);
        _size = configuration.Size;
        _levels = new float[3 * 256];
        for (var index = 0; index < _levels.Length; index++)
        {
            var (channel, level) = (index / 256, index % 256);
            // Rescaled in double, normalized in float: the processor's own order of rounding.
            var rescaled = (float)(level * configuration.RescaleFactor);
            _levels[index] = (rescaled - (float)configuration.Mean[channel]) / (float)configuration.StandardDeviation[channel];
        }
    }

    /// <param name="configuration">How pixels are normalized, and the side of the square input.</param>
    /// <param name="grid">The cells that the tower makes of the input.</param>
    /// <param name="cell">Side of a cell in input pixels.</param>
    public static ImageProcessor Create(PreprocessorConfiguration configuration, MapGrid grid, double cell) => new(configuration, grid, cell);

    /// <summary>Fits, resizes and normalizes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="fit">How it is fitted into the square input.</param>
    /// <param name="geometry">Receives where its pixels went.</param>
    /// <returns>Normalized red, green and blue planes, <c>[3, size, size]</c>.</returns>
    public float[] Process(RgbImage image, ImageFit fit, out ImageGeometry geometry)
    {
        geometry = ImageGeometry.Create(fit, image.Width, image.Height, _size, _size, _grid, _cell, _cell);
        var pixels = Resize(image, fit);
        var plane = _size * _size;
        var values = new float[3 * plane];
        for (var channel = 0; channel < 3; channel++)
        {
            var levels = _levels.AsSpan(256 * channel, 256);
            var target = values.AsSpan(channel * plane, plane);
            for (var pixel = 0; pixel < plane; pixel++)
            {
                target[pixel] = levels[pixels[3 * pixel + channel]];
            }
        }
        return values;
    }

    /// <summary>Fits and resizes a picture; red, green and blue before normalization, <c>[size, size, 3]</c>.</summary>
    public byte[] Resize(RgbImage image, ImageFit fit)
    {
        if (fit == ImageFit.Pad)
        {
            return BicubicResampler.Resize(Canvas.Square(image), _size, _size, new Window(0, 0, _size, _size));
        }
        if (fit is ImageFit.Stretch or ImageFit.Native)
        {
            return BicubicResampler.Resize(Canvas.Of(image), _size, _size, new Window(0, 0, _size, _size));
        }
        var (width, height) = ImageGeometry.CroppedSize(image.Width, image.Height, _size, _size);
        var window = new Window((width - _size) / 2, (height - _size) / 2, _size, _size);
        return BicubicResampler.Resize(Canvas.Of(image), width, height, window);
    }
}
