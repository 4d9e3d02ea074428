namespace MLNetGrounding.Models.Abstractions;

/// <summary>
/// Turns images of any size into what a family's encoder takes, as the family's own processor does. May be used by several threads at a
/// time.
/// </summary>
internal interface IImagePreprocessor
{
    /// <summary>The tokens of every image so wanted, or <see langword="null"/> where each image has its own.</summary>
    /// <exception cref="ArgumentException">Images cannot be had so; the message says what can.</exception>
    ImageSpan? Plan(ImageRequest request);

    /// <summary>Where the pixels of an image of some size will lie on the grid.</summary>
    /// <exception cref="ArgumentException">The size or the request is one that the model cannot take.</exception>
    ImageGeometry Place(int imageWidth, int imageHeight, ImageRequest request);

    /// <summary>Fits, resizes and normalizes an image.</summary>
    /// <exception cref="ArgumentException">The image or the request is one that the model cannot take.</exception>
    /// <exception cref="OperationCanceledException">The work was ended early.</exception>
    PreparedImage Prepare(RgbImage image, ImageRequest request, CancellationToken cancellationToken);
}
