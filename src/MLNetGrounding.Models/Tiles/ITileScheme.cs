using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Tiles;

/// <summary>
/// How a family cuts images into tiles that show all of it, edge to edge, with a whole view after them where there are several.
/// </summary>
internal interface ITileScheme
{
    /// <summary>Side of a view in pixels.</summary>
    int Side { get; }

    /// <summary>Tokens along a side of a view.</summary>
    int Cells { get; }

    /// <summary>How pixels are resized and normalized.</summary>
    PixelSettings Pixels { get; }

    /// <summary>The tiles that the family's own processor cuts an image into.</summary>
    (int Rows, int Columns) Choose(int width, int height);

    /// <summary>Refuses tiles that the model was not made for.</summary>
    /// <exception cref="ArgumentException">They are too many; the message says how many can be had.</exception>
    void Require((int Rows, int Columns) tiles);

    /// <summary>The image that is cut, <c>[rows × side, columns × side, 3]</c>.</summary>
    /// <param name="image">The original.</param>
    /// <param name="fit">How it is fitted; <see cref="ImageFit.Native"/> for the processor's own way.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    byte[] Resize(RgbImage image, ImageFit fit, (int Rows, int Columns) tiles, CancellationToken cancellationToken);

    /// <summary>The whole view of an image of several tiles, <c>[side, side, 3]</c>.</summary>
    /// <param name="image">The original.</param>
    /// <param name="resized">From <see cref="Resize"/>.</param>
    /// <param name="fit">How it is fitted; <see cref="ImageFit.Native"/> for the processor's own way.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    byte[] Whole(RgbImage image, byte[] resized, ImageFit fit, (int Rows, int Columns) tiles, CancellationToken cancellationToken);

    /// <summary>The tokens that stand for an image.</summary>
    /// <param name="tiles">Its tiles.</param>
    /// <param name="grid">The grid of maps.</param>
    /// <param name="views">For each view, what its tokens show: tiles row by row, then the whole view.</param>
    ImageSpan Span((int Rows, int Columns) tiles, MapGrid grid, IReadOnlyList<IReadOnlyList<IReadOnlyList<(int Cell, float Share)>>> views);
}
