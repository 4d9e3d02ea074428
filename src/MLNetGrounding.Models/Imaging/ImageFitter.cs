namespace MLNetGrounding.Models.Imaging;

/// <summary>Resizes images to a model's input as <see cref="ImageGeometry.Create"/> places them there.</summary>
internal static class ImageFitter
{
    /// <summary>Fits and resizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="fit"><see cref="ImageFit.Pad"/>, <see cref="ImageFit.Crop"/> or <see cref="ImageFit.Stretch"/>.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="pixels">The filter, and what fills the rest of a canvas.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Red, green and blue, <c>[height, width, 3]</c>.</returns>
    public static byte[] Resize(
        RgbImage image,
        ImageFit fit,
        int width,
        int height,
        PixelSettings pixels,
        CancellationToken cancellationToken
    )
    {
        switch (fit)
        {
            case ImageFit.Pad:
                (int canvasWidth, int canvasHeight) = ImageGeometry.PaddedSize(image.Width, image.Height, width, height);
                return Resampler.Resize(
                    Canvas.Center(image, canvasWidth, canvasHeight, pixels.Background),
                    width,
                    height,
                    pixels.Filter,
                    cancellationToken
                );
            case ImageFit.Crop:
                (long wholeWidth, long wholeHeight) = ImageGeometry.CroppedSize(image.Width, image.Height, width, height);
                Window window = new((wholeWidth - width) / 2, (wholeHeight - height) / 2, width, height);
                return Resampler.Resize(Canvas.Of(image), wholeWidth, wholeHeight, window, pixels.Filter, cancellationToken);
            default:
                return Resampler.Resize(Canvas.Of(image), width, height, pixels.Filter, cancellationToken);
        }
    }

    /// <summary>
    /// Fits an image as <see cref="Resize"/> does and stretches what that shows to a square, from the original's pixels but for a crop.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="fit"><see cref="ImageFit.Pad"/>, <see cref="ImageFit.Crop"/> or <see cref="ImageFit.Stretch"/>.</param>
    /// <param name="width">Width of what it is fitted to.</param>
    /// <param name="height">Height of what it is fitted to.</param>
    /// <param name="side">Side of the square.</param>
    /// <param name="pixels">The filter, and what fills the rest of a canvas.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Red, green and blue, <c>[side, side, 3]</c>.</returns>
    public static byte[] ResizeToSquare(
        RgbImage image,
        ImageFit fit,
        int width,
        int height,
        int side,
        PixelSettings pixels,
        CancellationToken cancellationToken
    )
    {
        switch (fit)
        {
            case ImageFit.Pad:
                (int canvasWidth, int canvasHeight) = ImageGeometry.PaddedSize(image.Width, image.Height, width, height);
                return Resampler.Resize(
                    Canvas.Center(image, canvasWidth, canvasHeight, pixels.Background),
                    side,
                    side,
                    pixels.Filter,
                    cancellationToken
                );
            case ImageFit.Crop:
                RgbImage cut = new(width, height, Resize(image, fit, width, height, pixels, cancellationToken));
                return Resampler.Resize(Canvas.Of(cut), side, side, pixels.Filter, cancellationToken);
            default:
                return Resampler.Resize(Canvas.Of(image), side, side, pixels.Filter, cancellationToken);
        }
    }
}
