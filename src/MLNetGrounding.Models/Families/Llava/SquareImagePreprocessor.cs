using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>Fits images to the tower's square, whose grid is always the same.</summary>
internal sealed class SquareImagePreprocessor : IImagePreprocessor
{
    private readonly SquareImageSettings _images;
    private readonly PixelNormalizer _normalizer;
    private readonly ImageSpan _span;
    private readonly int _patch;

    public SquareImagePreprocessor(LlavaSettings settings, SquareImageSettings images)
    {
        _images = images;
        _normalizer = images.Pixels.CreateNormalizer();
        _span = ImageSpan.Plain(settings.ImageTokenId, settings.Layout());
        _patch = settings.Vision.PatchSize;
    }

    /// <summary>How pixels are resized and normalized.</summary>
    public PixelSettings Pixels => _images.Pixels;

    /// <inheritdoc/>
    public ImageSpan? Plan(ImageRequest request) =>
        request.Grid is not { } grid || grid == _span.Layout.Grid
            ? _span
            : throw new ArgumentException(
                $"A grid of {grid} cells was asked for, but this model sees every image as {_span.Layout.Grid} cells. Leave {nameof(CaptureOptions.Grid)} unset.",
                nameof(request)
            );

    /// <inheritdoc/>
    public PreparedImage Prepare(RgbImage image, ImageRequest request, CancellationToken cancellationToken)
    {
        ImageSpan span = Plan(request)!;
        int size = _images.Size;
        byte[] pixels = Resize(image, request.Fit, cancellationToken);
        return new PreparedImage(_normalizer.ToPlanes(pixels), [1, 3, size, size], Place(image.Width, image.Height, request), span);
    }

    /// <inheritdoc/>
    public ImageGeometry Place(int imageWidth, int imageHeight, ImageRequest request) =>
        ImageGeometry.Create(Resolve(request.Fit), imageWidth, imageHeight, _images.Size, _images.Size, _span.Layout.Grid, _patch, _patch);

    /// <summary>Fits and resizes an image; red, green and blue before they are normalized, <c>[size, size, 3]</c>.</summary>
    public byte[] Resize(RgbImage image, ImageFit fit, CancellationToken cancellationToken = default) =>
        ImageFitter.Resize(image, Resolve(fit), _images.Size, _images.Size, _images.Pixels, cancellationToken);

    private ImageFit Resolve(ImageFit fit) => fit == ImageFit.Native ? _images.NativeFit : fit;
}
