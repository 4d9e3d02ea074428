namespace MLNetGrounding.Models.Imaging;

/// <summary>
/// A plain background with an image somewhere on it, partly outside where it is cropped. Only the image's pixels exist, so that a padded
/// image costs no more than the image.
/// </summary>
internal sealed class Canvas
{
    private readonly RgbImage _image;

    private Canvas(RgbImage image, int width, int height, int left, int top, RgbColor background)
    {
        _image = image;
        Width = width;
        Height = height;
        Left = left;
        Top = top;
        Background = background;
    }

    /// <summary>Width in pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>Height in pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>Column of the image's left edge; negative where columns are cut off.</summary>
    public int Left { get; }

    /// <summary>Row of the image's top edge; negative where rows are cut off.</summary>
    public int Top { get; }

    /// <summary>The color of what the image does not cover.</summary>
    public RgbColor Background { get; }

    /// <summary>First column that shows the image.</summary>
    public int FirstColumn => Math.Max(Left, 0);

    /// <summary>Column after the last that shows the image.</summary>
    public int EndOfColumns => Math.Min(Left + _image.Width, Width);

    /// <summary>First row that shows the image.</summary>
    public int FirstRow => Math.Max(Top, 0);

    /// <summary>Row after the last that shows the image.</summary>
    public int EndOfRows => Math.Min(Top + _image.Height, Height);

    /// <summary>The image alone.</summary>
    public static Canvas Of(RgbImage image) => new(image, image.Width, image.Height, 0, 0, default);

    /// <summary>An image anywhere on a canvas, or a part of it where the canvas is smaller.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Width of the canvas.</param>
    /// <param name="height">Height of the canvas.</param>
    /// <param name="left">Column of the image's left edge, negative to cut columns off.</param>
    /// <param name="top">Row of the image's top edge, negative to cut rows off.</param>
    /// <param name="background">The color of the rest.</param>
    public static Canvas Place(RgbImage image, int width, int height, int left, int top, RgbColor background)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return new(image, width, height, left, top, background);
    }

    /// <summary>The image in the middle of a larger canvas; where the rest is odd, the part before is the smaller.</summary>
    public static Canvas Center(RgbImage image, int width, int height, RgbColor background) =>
        Place(image, width, height, (width - image.Width) / 2, (height - image.Height) / 2, background);

    /// <summary>The image in the middle of a square as wide as its longer edge.</summary>
    public static Canvas Square(RgbImage image, RgbColor background)
    {
        int side = Math.Max(image.Width, image.Height);
        return Center(image, side, side, background);
    }

    /// <summary>The image's pixels in a row that shows it, from <see cref="FirstColumn"/> to <see cref="EndOfColumns"/>.</summary>
    public ReadOnlySpan<byte> ImageRow(int y) =>
        _image.Pixels.Span.Slice(3 * ((y - Top) * _image.Width + FirstColumn - Left), 3 * (EndOfColumns - FirstColumn));

    /// <summary>Writes row <paramref name="y"/>, background included, <c>[width, 3]</c>.</summary>
    public void CopyRow(int y, Span<byte> row)
    {
        for (int x = 0; x < Width; x++)
        {
            (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = Background;
        }
        if (y >= FirstRow && y < EndOfRows && EndOfColumns > FirstColumn)
        {
            ImageRow(y).CopyTo(row[(3 * FirstColumn)..]);
        }
    }
}
